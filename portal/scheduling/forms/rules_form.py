"""The form of a business's booking rules."""

from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.scheduling.forms.durations import list_duration_choices
from portal.scheduling.forms.edit_form import EditForm
from portal.scheduling.models import Acceptance, SchedulingSettings
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import MultiLineField

HOUR, DAY = 60, 1440
NOTICES = (0, 15, 30, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 14 * DAY)
WINDOWS = (0, HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 14 * DAY)
REMINDERS = (30, HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY)
START_INTERVALS = (5, 10, 15, 20, 30, 45, HOUR, 90, 2 * HOUR)
OFFER_LIFETIMES = (HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY)
HORIZONS = (7, 14, 30, 60, 90, 180, 365, 730)
REMINDER_FIELDS = ("reminder_one", "reminder_two", "reminder_three")
# The fields that say how long before the start something is still possible.
LATEST_TIMES = {
    "notice": NOTICES,
    "reschedule_window": WINDOWS,
    "cancel_window": WINDOWS,
}


def _build_minutes_field(label: Any, **kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, **kwargs)


class RulesForm(EditForm):
    """The rules that hold for all services; durations are chosen in hours and days, and kept in minutes."""

    is_on = forms.BooleanField(label=gettext_lazy("Clients can book online"), required=False)
    intro = MultiLineField(
        label=gettext_lazy("Above the services"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    notice = _build_minutes_field(gettext_lazy("Latest time to book"))
    horizon = _build_minutes_field(gettext_lazy("How far ahead clients can book"))
    start_interval = _build_minutes_field(gettext_lazy("Start times every"))
    acceptance = forms.ChoiceField(label=gettext_lazy("Confirmation"), choices=Acceptance.choices)
    reschedule_window = _build_minutes_field(gettext_lazy("Clients can move an appointment until"))
    cancel_window = _build_minutes_field(gettext_lazy("Clients can cancel an appointment until"))
    reminder_one = _build_minutes_field(gettext_lazy("First reminder"), required=False)
    reminder_two = _build_minutes_field(gettext_lazy("Second reminder"), required=False)
    reminder_three = _build_minutes_field(gettext_lazy("Third reminder"), required=False)
    has_waiting_list = forms.BooleanField(
        label=gettext_lazy("Clients can wait for a time to become free"), required=False
    )
    offer_lifetime = _build_minutes_field(gettext_lazy("An offered time is kept for"))
    has_follow_up = forms.BooleanField(label=gettext_lazy("Write to clients after their appointment"), required=False)
    shows_attendees = forms.BooleanField(label=gettext_lazy("In groups, show clients who else comes"), required=False)

    def __init__(self, data: Any = None, *, rules: SchedulingSettings):
        super().__init__(data, current=model_to_dict(rules))
        set_choices(self, "start_interval", list_duration_choices(START_INTERVALS, rules.start_interval))
        set_choices(self, "offer_lifetime", list_duration_choices(OFFER_LIFETIMES, rules.offer_lifetime))
        for name, minutes in LATEST_TIMES.items():
            choices = list_duration_choices(minutes, getattr(rules, name))
            set_choices(self, name, [(key, _describe_latest(key, text)) for key, text in choices])
        horizons = list_duration_choices([days * DAY for days in HORIZONS], rules.horizon * DAY)
        set_choices(self, "horizon", [(minutes // DAY, text) for minutes, text in horizons])
        self._fill_reminders(rules.reminders)

    @property
    def values(self) -> dict[str, Any]:
        """Return the values of SchedulingSettings's fields; the form must be valid."""
        values = super().values
        reminders = {values.pop(name) for name in REMINDER_FIELDS} - {None}
        return values | {"reminders": sorted(reminders, reverse=True)}

    def _fill_reminders(self, reminders: list[int]) -> None:
        for position, name in enumerate(REMINDER_FIELDS):
            current = reminders[position] if position < len(reminders) else None
            self.initial[name] = current
            choices = list_duration_choices(REMINDERS, current)
            set_choices(self, name, [("", _("None")), *[(key, _before_start(text)) for key, text in choices]])


def _describe_latest(minutes: int, duration: str) -> str:
    return _before_start(duration) if minutes else _("The start")


def _before_start(duration: str) -> str:
    return _("%(duration)s before") % {"duration": duration}
