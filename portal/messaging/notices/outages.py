"""What are staff told when codes are held back, and when they go out again?"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.messaging.models import NoticeKind
from portal.messaging.notices import services as notices
from tenants.models import Business, Channel, Outage


def tell_begun(outage: Outage, *, now: datetime) -> None:
    """Tell staff that codes are delayed; call it inside the business."""
    with translation.override(outage.business.language):
        when = {"time": _clock(outage.started_at, outage.business)}
        words = _("Codes by text message are delayed since %(time)s") % when
        mail = _("Codes by email are delayed since %(time)s") % when
        _tell(outage, words if outage.channel == Channel.SMS else mail, now=now)


def tell_over(outage: Outage, *, now: datetime) -> None:
    """Tell staff that codes go out again, in place of what they have not read yet; call it inside the business."""
    with translation.override(outage.business.language):
        when = {"time": _clock(now, outage.business)}
        words = _("Codes by text message go out again since %(time)s") % when
        mail = _("Codes by email go out again since %(time)s") % when
        _tell(outage, words if outage.channel == Channel.SMS else mail, now=now)


def _tell(outage: Outage, words: str, *, now: datetime) -> None:
    notices.tell(NoticeKind.OUTAGE, subject=words, page="signin-support", about=outage.pk, now=now)


def _clock(instant: datetime, business: Business) -> str:
    return f"{timezone.localtime(instant, ZoneInfo(business.time_zone)):%H:%M}"
