"""The form with which a client cancels an appointment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.form_fields import MultiLineField

MAX_REASON_LENGTH = 600


class CancellationForm(forms.Form):
    """Why an appointment is cancelled, if the client wants to say so."""

    reason = MultiLineField(
        label=_("Reason"),
        required=False,
        max_length=MAX_REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_REASON_LENGTH}),
    )
