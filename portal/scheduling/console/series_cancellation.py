"""The form by which staff cancel one appointment of a series, or several of them."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.scheduling import services
from portal.scheduling.console.appointment_forms import ReasonForm
from portal.scheduling.models import Appointment
from portal.scheduling.services import series
from portal.scheduling.services.series import ChangeScope
from portal.ui.form_choices import set_choices
from tenants.staff.staff_actor import StaffActor


class CancellationForm(ReasonForm):
    """Why an appointment is cancelled, and, of one that repeats, which of them."""

    scope = forms.ChoiceField(label=_("Which appointments"), required=False, initial=ChangeScope.THIS)

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.appointment = appointment
        set_choices(self, "scope", ChangeScope.choices)
        if appointment.series_id is None:
            del self.fields["scope"]

    def cancel(self, *, staff: StaffActor, now: datetime) -> None:
        """Cancel what was chosen. Raises AppointmentChanged."""
        scope = ChangeScope(self.cleaned_data.get("scope") or ChangeScope.THIS)
        fields: dict[str, Any] = {"staff": staff, "reason": self.cleaned_data["reason"], "now": now}
        if scope == ChangeScope.THIS:
            services.cancel_appointment(appointment_id=self.appointment.pk, **fields)
        else:
            series.cancel_series_appointments(appointment=self.appointment, scope=scope, **fields)
