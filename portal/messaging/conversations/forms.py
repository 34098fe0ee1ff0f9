"""What is asked of somebody who writes? What may be said, the service decides."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.messaging.models import LONGEST


class LineForm(forms.Form):
    """One message."""

    body = forms.CharField(
        label=_("Your message"), required=False, widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST})
    )
