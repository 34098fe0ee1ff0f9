"""Why did the code not arrive, and what do staff press now?"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import services as access
from portal.access.budgets import BudgetSpent
from portal.access.models import Challenge
from portal.cards.pages import card_page, show
from portal.clients.models import Client
from portal.messaging import suppressions
from portal.messaging.models import Suppression
from portal.profile import services as profiles
from portal.signin_support import finding, pages, tickets, trouble
from portal.signin_support.attempts import attempts_at
from portal.ui.templatetags.ui import friendly_datetime
from tenants import outages
from tenants.models import Channel
from tenants.staff.decorators import membership_required

NOTHING_NEW = 204
OVER = gettext_lazy("This attempt is over. Ask the client to start again on the sign-in page.")
# Why an owner is shown no code.
REFUSALS = {
    Challenge.DoesNotExist: OVER,
    access.NotTheirs: gettext_lazy("This client may not sign in with the address of that attempt."),
    access.TooLate: gettext_lazy("This attempt ends too soon. Ask the client to start again on the sign-in page."),
}
LIFTED = {
    Channel.SMS: gettext_lazy("Done. If the client still waits at the code page, send a new code now."),
    Channel.EMAIL: gettext_lazy("The provider is asked to lift its block; then the code goes out again by itself."),
}


class TypedForm(forms.Form):
    """What the client says they typed."""

    typed = forms.CharField(
        label=gettext_lazy("What did the client type?"),
        max_length=254,
        error_messages={"required": gettext_lazy("Enter the email address, the mobile number or the name.")},
    )


@membership_required("support.view", methods=("GET", "POST"))
def search(request: HttpRequest) -> HttpResponse:
    """Find whom a client means who says what they typed. It is posted: addresses don't belong in logs."""
    form = TypedForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "outages": outages.standing(request.business)}
    if not form.is_bound:
        context["troubled"] = trouble.lately(now=timezone.now())
    if form.is_valid():
        profile = profiles.current()
        found = finding.find(typed=form.cleaned_data["typed"], country=request.business.country, profile=profile)
        context |= {"finding": found, "advice": pages.advice_for(found)}
        if found.identifier and not found.exact:
            context["attempts"] = attempts_at(found.identifier, profile=profile, now=timezone.now())
    return render(request, "console/signin_support/search.html", context)


@card_page("support.view")
def client(request: HttpRequest, client: Client) -> HttpResponse:
    """Show the seven steps for one client, each answered as far as we know: a tab of the card."""
    sheet = pages.sheet_for(request.business, client)
    return show(request, client, "console/signin_support/client.html", pages.context_of(sheet, slug=request.slug))


@membership_required("support.view")
def live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return the same as it is now, or nothing where nothing changed since the page looked last."""
    sheet = pages.sheet_for(request.business, _client(pk))
    if sheet.is_moving and request.GET.get("seen") == sheet.mark:
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "console/signin_support/_sheet.html", pages.context_of(sheet, slug=request.slug))


@membership_required("support.send", methods=("POST",))
def send(request: HttpRequest, pk: UUID, attempt: UUID) -> HttpResponse:
    """Send the client another code now."""
    one, channel = _client(pk), request.POST.get("channel", "")
    _theirs(one, attempt)
    if channel not in Channel.values:
        messages.error(request, _("Choose email or text message."))
        return _back(request, pk)
    return _try(request, pk, partial(_send, request, one, attempt, Channel(channel)))


@membership_required("support.issue", methods=("POST",))
def hand_over(request: HttpRequest, pk: UUID, attempt: UUID) -> HttpResponse:
    """Show an owner a code to hand over, this once."""
    one = _client(pk)
    _theirs(one, attempt)
    try:
        code, until = access.hand_code(challenge_id=attempt, client=one, staff=request.staff, now=timezone.now())
    except tuple(REFUSALS) as refusal:
        messages.error(request, REFUSALS[type(refusal)])
        return _back(request, pk)
    return render(request, "console/signin_support/handed.html", {"client": one, "code": code, "until": until})


@membership_required("support.send", methods=("POST",))
def clear(request: HttpRequest, pk: UUID, suppression: UUID) -> HttpResponse:
    """Have the provider send to an address again, and the code once more."""
    one = _client(pk)
    values = one.contacts.values("value")
    block = get_object_or_404(Suppression, pk=suppression, value__in=values, cleared_at=None)
    suppressions.ask_to_clear(suppression=block, client=one, staff=request.staff, now=timezone.now())
    messages.success(request, LIFTED[Channel(block.channel)])
    return _back(request, pk)


@membership_required("support.send", methods=("POST",))
def ticket(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call support, with the timeline attached."""
    sheet = pages.sheet_for(request.business, _client(pk))
    _found, is_new = tickets.call_support(
        business=request.business, sheet=sheet, staff=request.staff, now=timezone.now()
    )
    words = _("Support has the whole timeline now, without addresses and codes.")
    messages.success(request, words if is_new else _("Support already has an open ticket about this client."))
    return _back(request, pk)


def _client(pk: UUID) -> Client:
    return get_object_or_404(Client.objects.listed(), pk=pk)


def _theirs(client: Client, attempt: UUID) -> Challenge:
    """Return an attempt that concerns this client: their own, or one at an address they have on file."""
    values = client.contacts.values_list("value", flat=True)
    challenge = get_object_or_404(Challenge.objects.real(), pk=attempt)
    if challenge.client_id == client.pk or (challenge.client_id is None and challenge.address in set(values)):
        return challenge
    return get_object_or_404(Challenge.objects.none())


def _send(request: HttpRequest, client: Client, attempt: UUID, channel: Channel) -> str:
    facts = {"business": request.business, "staff": request.staff, "language": client.language}
    access.send_another(challenge_id=attempt, channel=channel, now=timezone.now(), **facts)
    return _("A new code is on its way. The one before it still works.")


def _try(request: HttpRequest, pk: UUID, deed: Callable[[], str]) -> HttpResponse:
    """Do it, or say why not and what then."""
    try:
        messages.success(request, deed())
    except Challenge.DoesNotExist:
        messages.error(request, OVER)
    except access.ResendRefused as refused:
        spent = _(
            "This attempt has had all its codes. The newest two still work; ask the client to start again for more."
        )
        messages.error(request, _("A code left just now. Give it a moment.") if refused.retry_at else spent)
    except BudgetSpent as budget:
        when = friendly_datetime(budget.retry_at)
        messages.error(
            request,
            _("This address has had all the codes it may get for now. There is room again %(when)s.") % {"when": when},
        )
    except access.NoWay:
        messages.error(request, _("Nothing on file can receive a code this way."))
    return _back(request, pk)


def _back(request: HttpRequest, pk: UUID) -> HttpResponse:
    return redirect("console:signin-support-client", business=request.slug, pk=pk)
