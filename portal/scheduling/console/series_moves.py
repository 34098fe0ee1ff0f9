"""What the page on which staff move an appointment adds for one that repeats: which of the series go along."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.scheduling import services
from portal.scheduling.console.appointments import get_appointment
from portal.scheduling.console.move_forms import AppointmentMoveForm
from portal.scheduling.console.staff_booking import build_staff_query
from portal.scheduling.models import Appointment
from portal.scheduling.services import AppointmentChanged, TimeTaken, series
from portal.scheduling.services.series import ChangeScope, NewWallTime, SeriesTimesTaken
from portal.scheduling.templatetags.scheduling_dates import long_day
from portal.ui.form_choices import set_choices
from tenants.staff.request_types import StaffRequest


class SeriesMoveForm(AppointmentMoveForm):
    """To when an appointment that repeats is moved, and which of its series go along."""

    scope = forms.ChoiceField(label=gettext_lazy("Which appointments"), required=False, initial=ChangeScope.THIS)

    def __init__(self, *args: Any, present_minutes: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.present_minutes = present_minutes
        set_choices(self, "scope", ChangeScope.choices)

    @property
    def is_about_several(self) -> bool:
        """Tell whether others of the series are moved as well."""
        return self.cleaned_data.get("scope", "") not in ("", ChangeScope.THIS)

    def clean(self) -> dict[str, Any]:
        """Refuse what can be done with one appointment only."""
        data = super().clean() or self.cleaned_data
        if self.is_about_several and data.get("minutes") not in (None, self.present_minutes):
            self.add_error("minutes", _("You can change the length of one appointment only."))
        if self.is_about_several and data.get("is_silent"):
            self.add_error(None, _("Clients are always told when several appointments move."))
        return data


def move_series(
    request: StaffRequest, appointment: Appointment, form: SeriesMoveForm, calendar_id: UUID | None, *, now: datetime
) -> Appointment | None:
    """Move several appointments, or add to the form which times are taken. Raises AppointmentChanged."""
    data = form.cleaned_data
    if data["version"] not in (None, appointment.version):
        raise AppointmentChanged
    service = services.query_services_with_needs().get(pk=appointment.service_id)
    query = build_staff_query(request.business, service, calendar_id, data["starts_at"])
    new_time = NewWallTime(datetime.combine(data["day"], data["time"]), request.business.time_zone)
    fields: dict[str, Any] = {"appointment": appointment, "scope": ChangeScope(data["scope"]), "staff": request.staff}
    try:
        series.move_series_appointments(query, new_time, now=now, **fields)
    except SeriesTimesTaken as error:
        _name_taken_times(form, error)
    except TimeTaken:
        form.add_error("time", _("Two of the appointments would be at the same time. Choose another time."))
    return None if form.errors else get_appointment(appointment.pk)


def _name_taken_times(form: SeriesMoveForm, error: SeriesTimesTaken) -> None:
    form.add_error("time", _("None was moved, because not all times can be booked. Choose another time."))
    for one in error.taken:
        assert one.problem, "it can't be booked"
        local = timezone.localtime(one.starts_at)
        form.add_error("time", f"{long_day(local)}, {local:%H:%M}: {one.problem.label}")
