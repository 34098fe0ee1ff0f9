"""Forms for the steps of an upload."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.clients.models import CustomField
from portal.clients.uploads import column_mapping
from portal.clients.uploads.encodings import ENCODINGS
from portal.clients.uploads.models import FileKind, RowDecision, RowOutcome, Upload

SEPARATORS = [(";", _("Semicolon ;")), (",", _("Comma ,")), ("\t", _("Tab")), ("|", _("Pipe |"))]
TARGET_CHOICES = [
    (column_mapping.NAME, _("Name")),
    (column_mapping.FIRST_NAME, _("First name")),
    (column_mapping.LAST_NAME, _("Last name")),
    (column_mapping.EMAIL, _("Email")),
    (column_mapping.PHONE, _("Phone")),
    (column_mapping.LABEL_NEXT, _("Label of the next column")),
    (column_mapping.LABEL_BEFORE, _("Label of the column before")),
    (column_mapping.LANGUAGE, _("Language")),
    (column_mapping.TAGS, _("Tags")),
    (column_mapping.NOTE, _("Note")),
]


class FileForm(forms.Form):
    """The file to upload."""

    file = forms.FileField(label=_("Your list"), allow_empty_file=True, max_length=None)


class FileFormatForm(forms.Form):
    """The encoding, separator and headings of the file."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=list(ENCODINGS.items()))
    separator = forms.ChoiceField(label=_("Column separator"), choices=SEPARATORS)
    has_headings = forms.BooleanField(label=_("The first row contains column headings"), required=False)

    def __init__(self, data: Any = None, *, upload: Upload):
        chosen = {"encoding": upload.encoding, "separator": upload.separator, "has_headings": upload.has_headings}
        super().__init__(data, initial=chosen)
        if upload.kind != FileKind.CSV:
            del self.fields["encoding"], self.fields["separator"]


class ColumnMappingForm(forms.Form):
    """The target of each column."""

    def __init__(self, data: Any = None, *, upload: Upload):
        super().__init__(data)
        custom = [(f"{column_mapping.CUSTOM_PREFIX}{field.pk}", field.name) for field in CustomField.objects.all()]
        self.targets = [*column_mapping.TARGETS, *(target for target, _name in custom)]
        choices = [("", _("Skip this column")), *TARGET_CHOICES, *custom]
        for number, target in enumerate(upload.columns):
            label = _("Column %(number)s") % {"number": number + 1}
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=target
            )

    @property
    def column_targets(self) -> list[str]:
        """Return the chosen target of each column."""
        return [self.cleaned_data[name] for name in self.fields]


class RowAnswerForm(forms.Form):
    """An answer for one row, or for all rows without a `number`; without a decision the answer is taken back.

    `outcome` and `page` say which rows were shown.
    """

    decision = forms.ChoiceField(choices=RowDecision.choices, required=False)
    number = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    client = forms.UUIDField(required=False)
    outcome = forms.ChoiceField(choices=RowOutcome.choices, required=False)
    page = forms.IntegerField(min_value=1, max_value=100_000, required=False)

    @property
    def page_query(self) -> str:
        """Return the query string of the page of rows that the answer came from."""
        shown = {name: self.cleaned_data.get(name) for name in ("outcome", "page")}
        return urlencode({name: value for name, value in shown.items() if value})


class ImportForm(forms.Form):
    """What an import does with clients who are on the list already."""

    on_match = forms.ChoiceField(
        choices=Upload.OnMatch.choices, widget=forms.RadioSelect(attrs={"class": "radio"}), initial=Upload.OnMatch.SKIP
    )
