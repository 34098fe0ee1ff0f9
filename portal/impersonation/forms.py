"""The form for viewing the portal as a client."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.validators import validate_single_line


class ImpersonationForm(forms.Form):
    """The reason a member of staff gives for viewing the portal as a client."""

    reason = forms.CharField(
        label=_("Reason"), min_length=4, max_length=200, strip=True, validators=[validate_single_line]
    )
