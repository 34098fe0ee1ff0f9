"""Limits how many slugs a business may take, and how soon one after another: each is kept for it for ever."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tenants.models import Business, PortalHostname


def find_new_slug_refusal(business: Business, *, now: datetime) -> str | None:
    """Return why a business may take no new slug now, in sentences for the user, or None.

    Slugs that it has or had are not new. Lock the business first where the answer is relied on.
    """
    taken = PortalHostname.objects.filter(business=business, slug__isnull=False).order_by("-created_at")
    taken_at = list(taken.values_list("created_at", flat=True))
    if len(taken_at) >= settings.PORTAL_ADDRESSES_PER_BUSINESS:
        text = _("You have reached the maximum of %(number)s addresses. Return to a former one, or contact support.")
        return text % {"number": settings.PORTAL_ADDRESSES_PER_BUSINESS}
    # The first slug came with the business, and a change soon after is no second change.
    if len(taken_at) > 1 and (next_at := taken_at[0] + settings.PORTAL_ADDRESS_WAIT) > now:
        return _("You can take another new address from %(when)s. You can return to a former one at any time.") % {
            "when": _format_instant(next_at)
        }
    return None


def _format_instant(instant: datetime) -> str:
    local = timezone.localtime(instant)
    return f"{date_format(local, pgettext('date format', 'j F Y'))}, {local:%H:%M}"
