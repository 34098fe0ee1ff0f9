"""Books repeating appointments in the tests of scheduling."""

from datetime import datetime
from uuid import uuid4

from portal.clients.models import Client
from portal.scheduling.models import AppointmentSeries
from portal.scheduling.recurrence import RepeatRule
from portal.scheduling.services import SlotQuery, series
from portal.scheduling.services.series import SeriesPlan
from tenants.staff.staff_actor import StaffActor
from tests.portal.scheduling.scheduling_rows import BERLIN, NOW

SABINE = StaffActor(person_id=uuid4(), name="Sabine Acker")


def book_two_fridays(query: SlotQuery, client: Client, *, note: str = "") -> AppointmentSeries:
    """Book the first two Fridays at nine after the beginning of scheduling's tests."""
    plan = SeriesPlan(query, datetime(2027, 1, 15, 9, 0), BERLIN, RepeatRule(count=2))  # noqa: DTZ001
    return series.book_series(plan, client=client, note=note, staff=SABINE, now=NOW)
