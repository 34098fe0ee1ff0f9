"""The part of the form of a new appointment that says whether and how long it repeats."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.scheduling.console.appointment_forms import DayField, NewAppointmentForm
from portal.scheduling.recurrence import (
    MAX_OCCURRENCES,
    InvalidRepeatRule,
    RepeatRule,
    TooManyOccurrences,
    count_occurrences,
)
from portal.ui.form_choices import set_choices

INTERVALS = range(1, 13)
NO_END = _("Enter how many times, or until when.")
TOO_MANY = _("At most 104 appointments within two years can be booked at once.")
TOO_EARLY = _("This is before the first appointment.")


class RepeatingAppointmentForm(NewAppointmentForm):
    """A new appointment that may repeat every so many weeks, a number of times or until a date."""

    interval_weeks = forms.ChoiceField(label=_("Repeats"), required=False)
    count = forms.IntegerField(
        label=_("Number of times"),
        required=False,
        min_value=1,
        error_messages={"invalid": _("Enter a whole number."), "min_value": _("Enter 1 or more.")},
        widget=forms.NumberInput(attrs={"min": 1, "max": MAX_OCCURRENCES}),
    )
    until_on = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(str(weeks), _describe_interval(weeks)) for weeks in INTERVALS]
        set_choices(self, "interval_weeks", [("", _("Does not repeat")), *choices])

    @property
    def rule(self) -> RepeatRule | None:
        """Return how the appointment repeats; None where it doesn't."""
        data = self.cleaned_data
        if not data.get("interval_weeks"):
            return None
        return RepeatRule(int(data["interval_weeks"]), count=data.get("count"), until_on=data.get("until_on"))

    def clean(self) -> dict[str, Any]:
        """Require an end within two years from an appointment that repeats."""
        data = super().clean()
        if data.get("interval_weeks") and data.get("day") and not self.errors.keys() & {"count", "until_on"}:
            self._check_rule()
        return data

    def _check_rule(self) -> None:
        rule = self.rule
        assert rule, "an interval was chosen"
        if rule.count is None and rule.until_on is None:
            self.add_error("count", NO_END)
            return
        ends = "until_on" if rule.count is None else "count"
        try:
            count_occurrences(self.cleaned_data["day"], rule)
        except TooManyOccurrences:
            self.add_error(ends, TOO_MANY)
        except InvalidRepeatRule:
            self.add_error("until_on", TOO_EARLY)


def _describe_interval(weeks: int) -> str:
    return ngettext("Every week", "Every %(weeks)d weeks", weeks) % {"weeks": weeks}
