"""Help for a code that did not arrive."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.access.request_types import SessionRequest
from portal.branding.home_sections import build_sign_in_page_links
from tenants import database_clock
from tenants.senders import Sender, get_mail_sender


@require_safe
def show_missing_code_checklist(request: SessionRequest) -> HttpResponse:
    """Show the checklist for a code that did not arrive."""
    wait = request.portal_settings.resend_wait or settings.LOGIN_RESEND_WAIT
    context = {
        "sign_in_page_links": build_sign_in_page_links(
            portal_settings=request.portal_settings, now=database_clock.now()
        ),
        "wait_minutes": round(wait.total_seconds() / 60),
    }
    return render(request, "portal/access/missing_code.html", context)


@require_safe
def show_sender_allow_list(request: SessionRequest) -> HttpResponse:
    """Show a printable card for an IT department: which sender to allow."""
    sender = get_mail_sender(Sender.CODES)
    domain = sender.rpartition("@")[2]
    card = {
        "sender": sender,
        "domain": domain,
        "selector": settings.MAIL_DKIM_SELECTOR,
        "minutes": round(settings.LOGIN_CODE_LIFETIME.total_seconds() / 60),
    }
    return render(request, "portal/access/allow_list.html", {"card": card})
