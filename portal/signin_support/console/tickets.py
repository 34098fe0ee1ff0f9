"""What has this business asked support, and what became of it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.clients.models import Client
from portal.profile import services as profiles
from portal.signin_support import finding, tickets
from portal.signin_support.attempts import attempts_at
from portal.signin_support.models import Riddle
from tenants import tickets as calls
from tenants.models import Ticket
from tenants.staff.decorators import membership_required

A_PAGE = 25
ENDINGS = [one for one in Ticket.Ending if one != Ticket.Ending.SUPPORT]


class AskForm(forms.Form):
    """What the client says they typed."""

    typed = forms.CharField(max_length=254)


class CloseForm(forms.Form):
    """Why support need not look any further."""

    ending = forms.ChoiceField(
        label=gettext_lazy("Why is it over?"),
        choices=[("", gettext_lazy("Choose")), *((one.value, one.label) for one in ENDINGS)],
        error_messages={"required": gettext_lazy("Choose why it is over.")},
    )


@dataclass(frozen=True)
class Row:
    """A ticket with whom or what it is about, as only the business may see it."""

    ticket: Ticket
    client: Client | None
    typed: str


@membership_required("support.view")
def listing(request: HttpRequest) -> HttpResponse:
    """List what the business asked support, what is open first."""
    page = Paginator(calls.of_business(request.business), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "console/signin_support/tickets.html", {"page": page, "rows": _rows(list(page.object_list))})


@membership_required("support.view")
def ticket(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one ticket, support's answer, and how to close it to whoever opened it."""
    return _show(request, _ticket(request, pk), CloseForm())


@membership_required("support.send", methods=("POST",))
def ask(request: HttpRequest) -> HttpResponse:
    """Ask support about what somebody typed whom nobody on file fits."""
    form, now = AskForm(request.POST), timezone.now()
    if not form.is_valid():
        return redirect("console:signin-support", business=request.slug)
    profile = profiles.current()
    found = finding.find(typed=form.cleaned_data["typed"], country=request.business.country, profile=profile)
    if found.exact:
        messages.info(request, _("There is somebody on file with this. Ask about them on their card."))
        return redirect("console:signin-support-client", business=request.slug, pk=found.exact[0].client.pk)
    attempts = attempts_at(found.identifier, profile=profile, now=now) if found.identifier else []
    facts: dict[str, Any] = {"business": request.business, "staff": request.staff, "now": now}
    asked, is_new = tickets.ask_about_nobody(finding=found, attempts=attempts, **facts)
    words = _("Support has it now. What was typed stays with you; support sees it masked.")
    messages.success(request, words if is_new else _("Support already has an open ticket about this."))
    return redirect("console:ticket", business=request.slug, pk=asked.pk)


@membership_required("support.send", methods=("POST",))
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a ticket, with a reason: by whoever opened it."""
    found, form = _ticket(request, pk), CloseForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    ending = Ticket.Ending(form.cleaned_data["ending"])
    try:
        done = tickets.close(ticket=found, ending=ending, staff=request.staff, now=timezone.now())
    except tickets.NotYours:
        messages.error(request, _("Only the colleague who asked can close it, or support."))
        return redirect("console:ticket", business=request.slug, pk=pk)
    messages.success(request, _("Closed.")) if done else messages.info(request, _("It was closed already."))
    return redirect("console:ticket", business=request.slug, pk=pk)


def _show(request: HttpRequest, found: Ticket, form: CloseForm, *, status: int = 200) -> HttpResponse:
    [row] = _rows([found])
    is_own = found.opened_by_id == request.person.pk and found.state == Ticket.State.OPEN
    context = {"row": row, "ticket": found, "form": form if is_own else None}
    return render(request, "console/signin_support/ticket.html", context, status=status)


def _ticket(request: HttpRequest, pk: UUID) -> Ticket:
    return get_object_or_404(calls.of_business(request.business).select_related("business", "opened_by"), pk=pk)


def _rows(found: Sequence[Ticket]) -> list[Row]:
    clients = Client.objects.listed().in_bulk([one.about_id for one in found if one.about_id])
    riddles = dict(Riddle.objects.filter(ticket_id__in=[one.pk for one in found]).values_list("ticket_id", "typed"))
    return [Row(one, clients.get(one.about_id) if one.about_id else None, riddles.get(one.pk, "")) for one in found]
