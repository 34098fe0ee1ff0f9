"""The form for viewing the portal as a client."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.form_fields import SingleLineField


class ImpersonationForm(forms.Form):
    """The reason a member of staff gives for viewing the portal as a client."""

    reason = SingleLineField(label=_("Reason"), min_length=4, max_length=200)
