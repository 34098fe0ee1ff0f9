"""Pages that say why a client's code did not arrive, and what staff can do about it."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import services as access
from portal.access.models import Challenge
from portal.clients.console.card_shortcuts import client_card_view, render_client_card
from portal.clients.models import Client
from portal.messaging import suppressions
from portal.messaging.models import Suppression
from portal.messaging.outage_notices import build_outage_notices
from portal.signin_support import lookups, page_contexts, recent_sign_in_failures, support_tickets
from portal.signin_support.sign_in_attempts import find_attempt_of_client
from portal.signin_support.sms_stop_notices import build_sms_stop_notices
from portal.ui.form_fields import SingleLineField
from portal.ui.formatting import friendly_datetime
from tenants import database_clock, delivery_outages
from tenants.models import Channel
from tenants.sliding_windows import RateLimitExceeded
from tenants.sms_limits.stops import list_active_stops
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

# The status of an answer to polling when nothing changed.
NO_CONTENT = 204
ATTEMPT_OVER = gettext_lazy("This sign-in attempt has ended. Ask the client to start again on the sign-in page.")
# Why a code cannot be issued to an owner, by exception.
ISSUE_ERRORS = {
    Challenge.DoesNotExist: ATTEMPT_OVER,
    access.ClientMismatch: gettext_lazy("This client can’t sign in with the address of this attempt."),
    access.ChallengeExpired: gettext_lazy(
        "This attempt expires too soon. Ask the client to start again on the sign-in page."
    ),
}
REMOVAL_MESSAGES = {
    Channel.SMS: gettext_lazy("Done. If the client is still on the code page, send a new code now."),
    Channel.EMAIL: gettext_lazy(
        "We have asked the provider to remove the suppression. The code is then sent again automatically."
    ),
}


class ClientLookupForm(forms.Form):
    """What a client says they typed, to be looked up."""

    typed = SingleLineField(
        label=gettext_lazy("What did the client enter?"),
        max_length=254,
        error_messages={"required": gettext_lazy("Enter an email address, a mobile number or a name.")},
    )


@membership_required("support.view", methods=("GET", "POST"), changes_data=False)
def look_up_client(request: StaffRequest) -> HttpResponse:
    """Look up what a client says they typed. It is posted, because addresses don't belong in logs."""
    form = ClientLookupForm(request.POST or None)
    active_stops = list_active_stops(now=database_clock.now(), business=request.business)
    context: dict[str, Any] = {
        "form": form,
        "sms_stop_notices": build_sms_stop_notices(active_stops),
        "outage_notices": build_outage_notices(delivery_outages.list_ongoing_outages(request.business)),
    }
    if not form.is_bound:
        context["failures"] = recent_sign_in_failures.list_recent_sign_in_failures(now=database_clock.now())
    if form.is_valid():
        typed = form.cleaned_data["typed"]
        lookup = lookups.look_up(typed=typed, business=request.business, now=database_clock.now())
        context |= {"result": lookup.result, "advice": lookup.advice, "attempts": lookup.attempts}
    return render(request, "console/signin_support/search.html", context)


@client_card_view("support.view")
def show_diagnostics(request: StaffRequest, client: Client) -> HttpResponse:
    """Show the diagnostics of one client, as a tab of their card."""
    diagnostics = page_contexts.build_current_diagnostics(request.business, client)
    return render_client_card(
        request,
        client,
        "console/signin_support/client.html",
        page_contexts.build_diagnostics_context(diagnostics, slug=request.slug),
    )


@membership_required("support.view")
def poll_diagnostics(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Return the diagnostics as a fragment for polling, or 204 when nothing changed since `seen`."""
    diagnostics = page_contexts.build_current_diagnostics(request.business, _get_client(pk))
    if diagnostics.needs_polling and request.GET.get("seen") == diagnostics.page_etag:
        return HttpResponse(status=NO_CONTENT)
    return render(
        request,
        "console/signin_support/_diagnostics.html",
        page_contexts.build_diagnostics_context(diagnostics, slug=request.slug),
    )


@membership_required("support.send", methods=("POST",))
def resend_code_to_client(request: StaffRequest, pk: UUID, attempt: UUID) -> HttpResponse:
    """Send another code for a client's attempt."""
    client, channel = _get_client(pk), request.POST.get("channel", "")
    _require_attempt_of_client(client, attempt)
    if channel not in Channel.values:
        messages.error(request, _("Choose email or text message."))
        return _redirect_to_client(request, pk)
    return _run_support_action(request, pk, partial(_resend_code, request, client, attempt, Channel(channel)))


@membership_required("support.issue", methods=("POST",))
def issue_code(request: StaffRequest, pk: UUID, attempt: UUID) -> HttpResponse:
    """Issue a code for a client's attempt and show it to an owner, this once."""
    client = _get_client(pk)
    _require_attempt_of_client(client, attempt)
    try:
        code, expires_at = access.issue_code(
            challenge_id=attempt, client=client, staff=request.staff, now=database_clock.now()
        )
    except tuple(ISSUE_ERRORS) as error:
        messages.error(request, ISSUE_ERRORS[type(error)])
        return _redirect_to_client(request, pk)
    context = {"client": client, "code": code, "expires_at": expires_at}
    return render(request, "console/signin_support/issued_code.html", context)


@membership_required("support.send", methods=("POST",))
def remove_suppression(request: StaffRequest, pk: UUID, suppression: UUID) -> HttpResponse:
    """Have the suppression of an address removed, so that the code is sent to it again."""
    client = _get_client(pk)
    values = client.contacts.values("value")
    found = get_object_or_404(Suppression, pk=suppression, value__in=values, removed_at=None)
    suppressions.request_suppression_removal(
        suppression=found, client=client, staff=request.staff, now=database_clock.now()
    )
    messages.success(request, REMOVAL_MESSAGES[Channel(found.channel)])
    return _redirect_to_client(request, pk)


@membership_required("support.send", methods=("POST",))
def open_ticket(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Open a ticket about a client, with the timeline attached."""
    diagnostics = page_contexts.build_current_diagnostics(request.business, _get_client(pk))
    try:
        _ticket, is_new = support_tickets.open_ticket(
            business=request.business, diagnostics=diagnostics, staff=request.staff, now=database_clock.now()
        )
    except RateLimitExceeded:
        messages.error(request, support_tickets.TOO_MANY_TICKETS)
        return _redirect_to_client(request, pk)
    opened = _("Ticket opened. Support sees the whole timeline, without addresses and codes.")
    messages.success(request, opened if is_new else _("There is already an open support ticket for this client."))
    return _redirect_to_client(request, pk)


def _get_client(pk: UUID) -> Client:
    return get_object_or_404(Client.objects.exclude_unlisted(), pk=pk)


def _require_attempt_of_client(client: Client, attempt: UUID) -> None:
    """Raise Http404 unless an attempt is the client's own, or one at an address they share."""
    if find_attempt_of_client(client, attempt) is None:
        raise Http404


def _resend_code(request: StaffRequest, client: Client, attempt: UUID, channel: Channel) -> str:
    access.resend_code_for_client(
        challenge_id=attempt,
        channel=channel,
        business=request.business,
        staff=request.staff,
        language=client.language,
        now=database_clock.now(),
    )
    return _("A new code has been sent. The previous one still works.")


def _run_support_action(request: StaffRequest, pk: UUID, action: Callable[[], str]) -> HttpResponse:
    """Run an action that returns its success message, or say why it failed; then go back to the client's page."""
    try:
        messages.success(request, action())
    except Challenge.DoesNotExist:
        messages.error(request, ATTEMPT_OVER)
    except access.ResendRefused as error:
        no_codes_left = _(
            "No more codes can be sent for this attempt. The last two still work. Ask the client to start again."
        )
        messages.error(request, _("A code was just sent. Please wait a moment.") if error.retry_at else no_codes_left)
    except RateLimitExceeded as error:
        when = friendly_datetime(error.retry_at)
        messages.error(
            request,
            _("No more codes can be sent to this address for now. Try again %(when)s.") % {"when": when},
        )
    except access.RecipientLimitReached:
        too_many = _("No more codes are sent to this address for now. Create a link to start signing in instead.")
        messages.error(request, too_many)
    except access.ChannelUnavailable:
        messages.error(request, _("There is no address on file that can receive a code this way."))
    return _redirect_to_client(request, pk)


def _redirect_to_client(request: StaffRequest, pk: UUID) -> HttpResponse:
    return redirect("console:signin-support-client", business=request.slug, pk=pk)
