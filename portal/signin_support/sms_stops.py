"""Lifting the stops of texts, which staff may do where it helps."""

from datetime import datetime

from django.db import transaction

from portal.activity import services as activity
from portal.signin_support.kinds import SupportEvent
from portal.signin_support.sms_stop_notices import LIFTABLE_REASONS
from tenants.models import SmsStop
from tenants.sms_limits import stops
from tenants.staff.staff_actor import StaffActor


class StopNotLiftable(Exception):
    """The stop of a cap can't be lifted: the cap is judged anew for each text."""


@transaction.atomic
def lift_sms_stop(*, stop: SmsStop, staff: StaffActor, now: datetime) -> None:
    """Let the texts of a stop be sent again; does nothing if it has ended already. Raises StopNotLiftable."""
    if stop.reason not in LIFTABLE_REASONS:
        raise StopNotLiftable
    if stops.lift_stop(stop, by=staff.name, now=now):
        about = {"subject_id": stop.pk, "reason": stop.reason, "area": stop.area}
        activity.record_event(SupportEvent.SMS_STOP_LIFTED, at=now, **about, **activity.get_actor_fields(staff))
