"""The forms by which staff give packages to clients, change them, and take and return single sessions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.scheduling.console.appointment_forms import DayField
from portal.scheduling.forms.edit_form import EditForm
from portal.scheduling.models import SessionPackage
from portal.scheduling.services import PackageTerms
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import MultiLineField, SingleLineField

MAX_NOTE_LENGTH, MAX_REASON_LENGTH = 600, 300


def _build_note_field() -> MultiLineField:
    widget = forms.Textarea(attrs={"rows": 2})
    return MultiLineField(label=_("Note"), required=False, max_length=MAX_NOTE_LENGTH, widget=widget)


class GivePackageForm(forms.Form):
    """Which package a client is given, until when, and a note for staff. `key` makes two sends the same package."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    package = forms.ChoiceField(label=_("Package"))
    expires_on = DayField(label=_("Last day"), required=False)
    note = _build_note_field()

    def __init__(self, *args: Any, packages: Sequence[SessionPackage], today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.packages = {str(package.pk): package for package in packages}
        self.today = today
        set_choices(self, "package", [(key, package.name) for key, package in self.packages.items()])

    @property
    def chosen_package(self) -> SessionPackage:
        """Return the package that was chosen; the form must be valid."""
        return self.packages[self.cleaned_data["package"]]

    @property
    def terms(self) -> PackageTerms:
        """Return what staff say of it; the form must be valid."""
        values = self.cleaned_data
        return PackageTerms(expires_on=values["expires_on"], note=values["note"], key=values["key"])

    def clean_expires_on(self) -> date | None:
        """Refuse a last day that is over."""
        day = self.cleaned_data["expires_on"]
        if day and day < self.today:
            raise ValidationError(_("This day is over. Choose today or a later one."))
        return day


class ClientPackageForm(EditForm):
    """Until when a client's package is valid, and the note."""

    expires_on = DayField(label=_("Last day"), required=False)
    note = _build_note_field()


class SessionReasonForm(forms.Form):
    """Why staff return a session."""

    reason = SingleLineField(
        label=_("Reason"), max_length=MAX_REASON_LENGTH, error_messages={"required": _("Enter a reason.")}
    )


class TakeSessionForm(SessionReasonForm):
    """Why staff take a session. `key` makes two sends of the form the same session."""

    key = forms.UUIDField(widget=forms.HiddenInput)
