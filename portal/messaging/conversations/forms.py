"""The form in which a client or a member of staff writes a chat message; the service validates the text."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.messaging.models import MAX_CHAT_MESSAGE_LENGTH
from portal.ui.form_fields import MultiLineField


class ChatMessageForm(forms.Form):
    """The text of one chat message."""

    body = MultiLineField(
        label=_("Your message"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MAX_CHAT_MESSAGE_LENGTH}),
    )
