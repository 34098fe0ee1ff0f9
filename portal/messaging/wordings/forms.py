"""How does a business write a mail or a text in its own words?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.messaging.wordings import placeholders
from portal.messaging.wordings.placeholders import UnknownPlaceholder
from tenants.control_characters import strip_control_characters


class TextForm(forms.Form):
    """A text message of its own words: short, and what stands in braces has to be something that can be filled in."""

    body = forms.CharField(
        label=_("Text"),
        max_length=450,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("A text message needs a text.")},
    )

    def __init__(self, *args: Any, kind: str, **more: Any):
        super().__init__(*args, **more)
        self.kind = kind

    def clean_body(self) -> str:
        """Accept a text."""
        return checked(self.cleaned_data["body"].replace("\r\n", "\n"), kind=self.kind)


class WordingForm(forms.Form):
    """Subject and text; what stands in braces has to be something that can be filled in."""

    subject = forms.CharField(
        label=_("Subject"), max_length=120, error_messages={"required": _("A mail needs a subject.")}
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("A mail needs a text.")},
    )

    def __init__(self, *args: Any, kind: str, **more: Any):
        super().__init__(*args, **more)
        self.kind = kind

    def clean_subject(self) -> str:
        """Accept a subject of one line."""
        return checked(" ".join(self.cleaned_data["subject"].split()), kind=self.kind)

    def clean_body(self) -> str:
        """Accept a text."""
        return checked(self.cleaned_data["body"].replace("\r\n", "\n"), kind=self.kind)


def checked(text: str, *, kind: str) -> str:
    """Return a text without unseen signs whose names in braces can all be filled in. Raises ValidationError."""
    text = strip_control_characters(text)
    try:
        placeholders.check(text, kind=kind)
    except UnknownPlaceholder as unknown:
        raise forms.ValidationError(str(unknown)) from unknown
    return text
