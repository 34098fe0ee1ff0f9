"""The forms in which a business writes its own mail or text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.messaging.message_templates import placeholders
from portal.messaging.message_templates.placeholders import UnknownPlaceholder
from tenants.control_characters import strip_control_characters


class TextTemplateForm(forms.Form):
    """The wording of a text message, which is short and may contain placeholders."""

    body = forms.CharField(
        label=_("Text"),
        max_length=450,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Enter a text.")},
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_body(self) -> str:
        """Return the text without control characters, its placeholders validated."""
        return clean_template_text(self.cleaned_data["body"].replace("\r\n", "\n"), kind=self.kind)


class MailTemplateForm(forms.Form):
    """The subject and wording of a mail, which may contain placeholders."""

    subject = forms.CharField(label=_("Subject"), max_length=120, error_messages={"required": _("Enter a subject.")})
    body = forms.CharField(
        label=_("Text"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("Enter a text.")},
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_subject(self) -> str:
        """Return the subject as a single line, its placeholders validated."""
        return clean_template_text(" ".join(self.cleaned_data["subject"].split()), kind=self.kind)

    def clean_body(self) -> str:
        """Return the text without control characters, its placeholders validated."""
        return clean_template_text(self.cleaned_data["body"].replace("\r\n", "\n"), kind=self.kind)


def clean_template_text(text: str, *, kind: str) -> str:
    """Return the text without control and zero-width characters. Raises ValidationError for an unknown placeholder."""
    text = strip_control_characters(text)
    try:
        placeholders.validate_placeholders(text, kind=kind)
    except UnknownPlaceholder as error:
        raise forms.ValidationError(str(error)) from error
    return text
