"""Notifications to staff when a provider outage delays codes, and when it has ended."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.messaging.models import Notification
from portal.messaging.notifications import services as notifications
from portal.signin_support.kinds import SupportNotification
from tenants import delivery_outages
from tenants.models import Business, Channel, Outage


def notify_outage_started(outage: Outage, *, now: datetime) -> None:
    """Notify staff that codes are delayed; call it inside the business."""
    with translation.override(outage.business.language):
        when = {"time": _format_local_time(outage.started_at, outage.business)}
        text = _("Codes by text message have been delayed since %(time)s") % when
        mail = _("Codes by email have been delayed since %(time)s") % when
        _notify_staff(outage, text if outage.channel == Channel.SMS else mail, now=now)


def notify_outage_ended(outage: Outage, *, now: datetime) -> None:
    """Notify staff, inside the business, that codes are sent again, in place of an unread notification of the start."""
    with translation.override(outage.business.language):
        when = {"time": _format_local_time(now, outage.business)}
        text = _("Codes by text message have been sent again since %(time)s") % when
        mail = _("Codes by email have been sent again since %(time)s") % when
        _notify_staff(outage, text if outage.channel == Channel.SMS else mail, now=now)


def is_outage_over(notification: Notification) -> bool:
    """Tell whether the outage that a notification is about has ended."""
    return delivery_outages.has_outage_ended(notification.subject_id)


def _notify_staff(outage: Outage, subject: str, *, now: datetime) -> None:
    notifications.notify_staff(
        SupportNotification.OUTAGE, subject=subject, url_name="signin-support", subject_id=outage.pk, now=now
    )


def _format_local_time(instant: datetime, business: Business) -> str:
    return f"{timezone.localtime(instant, ZoneInfo(business.time_zone)):%H:%M}"
