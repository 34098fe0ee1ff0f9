"""The form by which a client is put on the waiting list, by themselves or by staff."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.scheduling.models import PartOfDay, Service, StaffCalendar
from portal.scheduling.services.waiting_list.preferences import MAX_DAYS, InvalidPreferences, WaitingPreferences
from portal.ui.form_choices import set_choices
from portal.ui.input_cleaning import parse_uuid

DAY_ERROR = _("Enter a date, such as 2027-01-31.")
ERRORS = {
    "not_offered": _("Clients can’t book this service."),
    "not_found": _("Who you chose doesn’t give this service."),
    "before_from": _("The last day is before the first."),
    "in_the_past": _("This day is over."),
    "too_long": _("Choose %(days)d days at most."),
    "too_far": _("Choose days within the next two years."),
}


def _build_day_field(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, error_messages={"required": DAY_ERROR, "invalid": DAY_ERROR})


class WaitingListForm(forms.Form):
    """In which days and at what time of day a client would come, and to whom; empty for anybody."""

    calendar = forms.ChoiceField(label=_("With"), required=False)
    from_on = _build_day_field(_("First day"))
    until_on = _build_day_field(_("Last day"))
    part_of_day = forms.ChoiceField(label=_("Time of day"), choices=PartOfDay.choices)

    def __init__(self, *args: Any, calendars: Sequence[StaffCalendar], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(str(calendar.pk), calendar.name) for calendar in calendars]
        set_choices(self, "calendar", [("", _("Anybody who is free")), *choices])

    def build_preferences(self, service: Service) -> WaitingPreferences:
        """Return what was filled in, about a service with its needs; the form must be valid."""
        data = self.cleaned_data
        part_of_day, calendar_id = PartOfDay(data["part_of_day"]), parse_uuid(data["calendar"])
        return WaitingPreferences(service, data["from_on"], data["until_on"], part_of_day, calendar_id)

    def add_preference_error(self, error: InvalidPreferences) -> None:
        """Say what is wrong with what was filled in."""
        self.add_error(error.field, ERRORS[error.reason] % {"days": MAX_DAYS})


class ServiceWaitingListForm(WaitingListForm):
    """What a client waits for, with the service."""

    service = forms.ChoiceField(label=_("Service"), error_messages={"required": _("Choose a service.")})

    def __init__(self, *args: Any, services: Sequence[Service], **kwargs: Any):
        super().__init__(*args, **kwargs)
        set_choices(self, "service", [(str(service.pk), service.name) for service in services])
