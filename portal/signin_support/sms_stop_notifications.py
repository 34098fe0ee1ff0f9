"""Notifications to staff when texts of their business are stopped."""

from datetime import datetime

from django.utils import translation

from portal.messaging.models import Notification
from portal.messaging.notifications import services as notifications
from portal.signin_support.kinds import SupportNotification
from portal.signin_support.sms_stop_notices import get_stop_title
from tenants.models import SmsStop
from tenants.sms_limits.stops import was_stop_lifted


def notify_sms_stopped(stop: SmsStop, *, now: datetime) -> None:
    """Notify staff that some texts are not sent; call it inside the business."""
    with translation.override(stop.business.language):
        notifications.notify_staff(
            SupportNotification.SMS_STOPPED,
            subject=str(get_stop_title(stop)),
            url_name="text-messages",
            subject_id=stop.pk,
            now=now,
        )


def is_sms_stop_lifted(notification: Notification) -> bool:
    """Tell whether somebody has lifted the stop that a notification is about."""
    return was_stop_lifted(notification.subject_id)
