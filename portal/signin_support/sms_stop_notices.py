"""What staff are told of texts that are stopped: which ones, why, until when, and what they can do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tenants.models import SmsPriority, SmsStop, SmsStopReason

# Lifting another stop would not help: its cap is judged anew for each text.
LIFTABLE_REASONS = (SmsStopReason.FEW_CODES_USED, SmsStopReason.COUNTRY)
# Whose texts a cap stops, by the priority of the text that reached it.
STOPPED_TEXTS: dict[int, str | Promise] = {
    SmsPriority.CHOSEN: gettext_lazy("Texts to numbers that clients add themselves are not sent for now"),
    SmsPriority.USED: gettext_lazy("Texts to numbers that clients add themselves are not sent for now"),
    SmsPriority.NOTICE: gettext_lazy("Notices by text message are not sent for now"),
    SmsPriority.GIVEN: gettext_lazy("Texts to numbers that were never used for signing in are not sent for now"),
    SmsPriority.ESTABLISHED: gettext_lazy("No text messages are sent for now"),
}
CAP_TEXTS: dict[str, str | Promise] = {
    SmsStopReason.HOUR: gettext_lazy("The limit of an hour is reached."),
    SmsStopReason.DAY: gettext_lazy("The limit of a day is reached."),
    SmsStopReason.BUDGET: gettext_lazy("They would cost more than your business may spend on texts in a day."),
    SmsStopReason.PLATFORM_BUDGET: gettext_lazy("All businesses together have used up what texts may cost in a day."),
}


@dataclass(frozen=True)
class SmsStopNotice:
    """A notice about one stop: `is_liftable` if staff can end it, `keeps_established` if those numbers are texted."""

    stop: SmsStop
    title: str | Promise
    explanation: str
    until: str
    is_liftable: bool
    keeps_established: bool


def build_sms_stop_notices(stops: Iterable[SmsStop]) -> list[SmsStopNotice]:
    """Return a notice for each of a business's stops."""
    return [_build_notice(stop) for stop in stops]


def get_stop_title(stop: SmsStop) -> str | Promise:
    """Return in one line which texts are stopped."""
    if stop.reason == SmsStopReason.FEW_CODES_USED and not stop.area:
        return _("Texts to numbers that clients add themselves are stopped")
    if stop.reason == SmsStopReason.COUNTRY:
        return _("Texts to new numbers in %(country)s are stopped") % {"country": _get_country_name(stop.area)}
    if stop.area:
        return _("Texts to new numbers that begin with %(range)s are stopped") % {"range": stop.area}
    return STOPPED_TEXTS[stop.priority]


def _build_notice(stop: SmsStop) -> SmsStopNotice:
    return SmsStopNotice(
        stop,
        get_stop_title(stop),
        _explain_stop(stop),
        _format_end(stop.ends_at),
        is_liftable=stop.reason in LIFTABLE_REASONS,
        keeps_established=stop.priority < SmsPriority.ESTABLISHED,
    )


def _explain_stop(stop: SmsStop) -> str:
    if stop.reason == SmsStopReason.FEW_CODES_USED:
        text = _(
            "Typed in: %(used)s of the last %(sampled)s codes. That is how it looks when somebody has codes texted to "
            "make money from them."
        )
        return text % {"sampled": stop.sampled, "used": stop.used}
    if stop.reason == SmsStopReason.COUNTRY:
        return _("None of your codes was ever typed in there, so only a few texts a day are sent.")
    if stop.reason == SmsStopReason.RANGE:
        return _("Too many went to numbers that differ in their last digits only.")
    return str(CAP_TEXTS[stop.reason])


def _format_end(instant: datetime) -> str:
    """Return a coming time with its day, in the reader's time zone."""
    local = timezone.localtime(instant)
    day = date_format(local, pgettext("date format", "j F Y"))
    return _("on %(day)s at %(time)s") % {"day": day, "time": f"{local:%H:%M}"}


def _get_country_name(code: str) -> str:
    names = Locale.parse(translation.get_language() or settings.LANGUAGE_CODE, sep="-").territories
    return names.get(code, code) or _("other countries")
