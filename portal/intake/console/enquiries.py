"""Who wrote by the contact form, and what did they want?"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.clients.models import Client, CustomField
from portal.clients.services import suggestions
from portal.intake import services
from portal.intake.models import Submission
from tenants.staff.decorators import membership_required

A_PAGE = 25


@membership_required("clients.view")
def listing(request: HttpRequest) -> HttpResponse:
    """List what came in, the newest first: everything, or what nobody has read."""
    real = Submission.objects.exclude_demo()
    unread_only = request.GET.get("show") == "unread"
    shown = (real.unread() if unread_only else real).select_related("client").order_by("-received_at", "-id")
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "unread_only": unread_only, **counts()}
    return render(request, "console/intake/enquiries.html", context)


@membership_required("clients.view")
def enquiry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one enquiry whole: what was typed, whose it is, and what waits on the card because of it."""
    return _show(request, _submission(pk))


@membership_required("clients.edit", methods=("POST",))
def read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark an enquiry as read, or as unread again."""
    submission = _submission(pk)
    if request.POST.get("unread"):
        services.mark_unread(submission=submission)
        return redirect("console:enquiries", business=request.slug)
    services.mark_read(submission=submission, staff=request.staff, now=timezone.now())
    return redirect("console:enquiry", business=request.slug, pk=pk)


@membership_required("clients.edit", methods=("POST",))
def assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put an enquiry that fits several clients on the card of one of them."""
    submission = _submission(pk)
    chosen = next((one for one in candidates(submission) if str(one.pk) == request.POST.get("client")), None)
    if chosen is None:
        return _refused(request, pk)
    try:
        services.assign(submission_id=pk, client=chosen, staff=request.staff, now=timezone.now())
    except services.AlreadyDecided:
        return _refused(request, pk)
    messages.success(request, _("It is on the card of %(name)s now.") % {"name": chosen.name})
    return redirect("console:enquiry", business=request.slug, pk=pk)


def counts() -> dict[str, int]:
    """Return what the tabs of these pages count: what is unread, and what waits on cards."""
    return {
        "unread": Submission.objects.exclude_demo().unread().count(),
        "waiting": suggestions.open_suggestions().count(),
    }


def candidates(submission: Submission) -> list[Client]:
    """Return the clients whom an enquiry without a card fits, as long as nobody has chosen."""
    question = suggestions.find_ambiguous_match(submission.pk) if submission.client_id is None else None
    return list(Client.objects.listed().filter(pk__in=question.submitted_data["clients"])) if question else []


def _submission(pk: UUID) -> Submission:
    return get_object_or_404(Submission.objects.exclude_demo().select_related("client"), pk=pk)


def _refused(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the enquiry as it stands now, and who was first to say whose it is."""
    submission = _submission(pk)
    who = services.decided_by(submission) if submission.client else ""
    if submission.client:
        facts = {"who": who or _("Somebody"), "name": submission.client.name}
        words = _("%(who)s has put this enquiry on the card of %(name)s already. Yours was not taken.") % facts
    else:
        words = _("That client can't be chosen for this enquiry, or a colleague has just decided. Look again.")
    return _show(request, submission, refusal=words, status=409)


def _show(request: HttpRequest, submission: Submission, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {"submission": submission, "answers": _answers(submission), "candidates": candidates(submission)}
    if submission.client:
        context["suggestions"] = suggestions.open_suggestions(submission.client)
    return render(request, "console/intake/enquiry.html", context | {"refusal": refusal}, status=status)


def _answers(submission: Submission) -> list[tuple[str, Any]]:
    """Return the business's own questions that still exist, each with what was answered."""
    fields = CustomField.objects.filter(pk__in=submission.custom) if submission.custom else []
    said = {True: _("Yes"), False: _("No")}
    given = [(field, submission.custom[str(field.pk)]) for field in fields]
    return [(field.name, said[value] if isinstance(value, bool) else value) for field, value in given]
