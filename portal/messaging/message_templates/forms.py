"""The forms in which a business writes its own mail or text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.messaging.message_templates import placeholders
from portal.messaging.message_templates.placeholders import UnknownPlaceholder
from portal.ui.form_fields import MultiLineField, SingleLineField
from tenants.text_cleaning import clean_lines


class TextTemplateForm(forms.Form):
    """The wording of a text message, which is short and may contain placeholders."""

    body = MultiLineField(
        label=_("Text"),
        max_length=450,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Enter a text.")},
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_body(self) -> str:
        """Return the text, its placeholders validated."""
        return clean_template_text(self.cleaned_data["body"], kind=self.kind)


class MailTemplateForm(forms.Form):
    """The subject and wording of a mail, which may contain placeholders."""

    subject = SingleLineField(label=_("Subject"), max_length=120, error_messages={"required": _("Enter a subject.")})
    body = MultiLineField(
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
        return clean_template_text(self.cleaned_data["subject"], kind=self.kind)

    def clean_body(self) -> str:
        """Return the text, its placeholders validated."""
        return clean_template_text(self.cleaned_data["body"], kind=self.kind)


def clean_template_text(text: str, *, kind: str) -> str:
    """Return the text without what can't be seen. Raises ValidationError for an unknown placeholder."""
    text = clean_lines(text)
    try:
        placeholders.validate_placeholders(text, kind=kind)
    except UnknownPlaceholder as error:
        raise forms.ValidationError(str(error)) from error
    return text
