"""The form of an exception to the weekly hours."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.scheduling.forms.clock_times import HoursSpan, InvalidHours, parse_hours
from portal.scheduling.models import StaffCalendar
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import SingleLineField

MAX_DAYS_AHEAD = timedelta(days=5 * 366)


class ExceptionKind(TextChoices):
    """What is different on the days of an exception."""

    CLOSED = "closed", gettext_lazy("Closed")
    OTHER = "other", gettext_lazy("Other hours instead of the usual ones")
    EXTRA = "extra", gettext_lazy("Extra hours besides the usual ones")


class DateInput(forms.DateInput):
    """An input in which browsers offer a calendar."""

    input_type = "date"

    def __init__(self, attrs: Any = None):
        super().__init__(attrs, format="%Y-%m-%d")


class ExceptionForm(forms.Form):
    """On which days, for which calendar, and what is different."""

    kind = forms.ChoiceField(
        label=gettext_lazy("On these days"), choices=ExceptionKind.choices, widget=forms.RadioSelect
    )
    calendar = forms.ChoiceField(label=gettext_lazy("For"), required=False)
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DateInput)
    ends_on = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=DateInput)
    starts = SingleLineField(label=gettext_lazy("From"), max_length=12, required=False)
    ends = SingleLineField(label=gettext_lazy("Until"), max_length=12, required=False)
    label = SingleLineField(label=gettext_lazy("Reason"), max_length=80, required=False)

    def __init__(self, *args: Any, calendars: Sequence[StaffCalendar], today: date, **kwargs: Any):
        super().__init__(*args, **{"initial": {"kind": ExceptionKind.CLOSED}} | kwargs)
        self.calendars, self.today = {str(calendar.pk): calendar for calendar in calendars}, today
        self.span: HoursSpan | None = None
        choices = [(pk, calendar.name) for pk, calendar in self.calendars.items()]
        set_choices(self, "calendar", [("", _("All calendars")), *choices])

    @property
    def values(self) -> dict[str, Any]:
        """Return the values of HoursException's fields; the form must be valid."""
        typed = self.cleaned_data
        return {
            "calendar": self.calendars.get(typed["calendar"]),
            "starts_on": typed["starts_on"],
            "ends_on": typed["ends_on"],
            "starts_minute": self.span.starts_minute if self.span else None,
            "ends_minute": self.span.ends_minute if self.span else None,
            "is_addition": typed["kind"] == ExceptionKind.EXTRA,
            "label": typed["label"],
        }

    def clean_starts_on(self) -> date:
        """Refuse days that can't be meant."""
        return self._check_day(self.cleaned_data["starts_on"])

    def clean_ends_on(self) -> date | None:
        """Return the last day; without one, the exception is for one day."""
        typed = self.cleaned_data["ends_on"]
        return self._check_day(typed) if typed else self.cleaned_data.get("starts_on")

    def clean(self) -> None:
        """Check the order of the days, and read the hours unless the days are closed."""
        values = self.cleaned_data
        if values.get("starts_on") and values.get("ends_on") and values["ends_on"] < values["starts_on"]:
            self.add_error("ends_on", _("The last day is before the first."))
        if values.get("kind") in (ExceptionKind.OTHER, ExceptionKind.EXTRA):
            try:
                self.span = parse_hours(values.get("starts", ""), values.get("ends", ""))
            except InvalidHours as error:
                self.add_error("starts", str(error))

    def _check_day(self, day: date) -> date:
        if day < self.today:
            raise forms.ValidationError(_("This day has passed."))
        if day > self.today + MAX_DAYS_AHEAD:
            raise forms.ValidationError(_("This day is too far ahead. The limit is five years."))
        return day
