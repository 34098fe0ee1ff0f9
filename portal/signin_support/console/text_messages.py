"""The settings page about text messages: what was sent, what it cost, and which texts are stopped."""

from decimal import Decimal
from uuid import UUID

from babel.numbers import format_currency
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from portal.signin_support.sms_stop_notices import LIFTABLE_REASONS, build_sms_stop_notices
from portal.signin_support.sms_stops import lift_sms_stop
from tenants import database_clock
from tenants.models import SmsStop
from tenants.sms_limits import stops, usage
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("support.view")
def show_text_messages(request: StaffRequest) -> HttpResponse:
    """Show the texts of the last 24 hours with their cost, and what is stopped."""
    now = database_clock.now()
    sent = usage.summarise_day(request.business, now=now)
    context = {
        "notices": build_sms_stop_notices(stops.list_active_stops(now=now, business=request.business)),
        "sent": sent,
        "cost": _format_cents(sent.cost),
        "budget": _format_cents(settings.SMS_BUDGET),
        "per_day": settings.SMS_PER_DAY,
    }
    return render(request, "console/signin_support/text_messages.html", context)


@membership_required("portal.edit", methods=("POST",))
def lift_stop(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Let the texts of a stop be sent again, in the name of a member of staff."""
    stop = get_object_or_404(SmsStop, pk=pk, business=request.business, reason__in=LIFTABLE_REASONS)
    lift_sms_stop(stop=stop, staff=request.staff, now=database_clock.now())
    messages.success(request, _("These texts are sent again."))
    return redirect("console:text-messages", business=request.slug)


def _format_cents(cents: int) -> str:
    """Return an amount of US cents as people write it; the provider bills in dollars."""
    locale = (translation.get_language() or settings.LANGUAGE_CODE).replace("-", "_")
    return format_currency(Decimal(cents) / 100, "USD", locale=locale)
