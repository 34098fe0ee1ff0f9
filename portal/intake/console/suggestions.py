"""What was typed that the cards don't say, and what do staff decide about it?"""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.clients.models import Suggestion
from portal.clients.services.suggestions import open_suggestions
from portal.intake.console.enquiries import counts
from portal.intake.services import suggestions
from tenants.staff.decorators import membership_required

A_PAGE = 25


@membership_required("clients.view")
def listing(request: HttpRequest) -> HttpResponse:
    """List everything that waits for a decision, on cards and beside them."""
    page = Paginator(open_suggestions(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "console/intake/suggestions.html", {"page": page, **counts()})


@membership_required("clients.edit", methods=("POST",))
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put what was typed on the card."""
    found, may_sign_in = _open(pk), request.POST.get("may_sign_in") == "on"
    done = suggestions.accept(suggestion=found, staff=request.staff, may_sign_in=may_sign_in, now=timezone.now())
    return _back(request, done, _("It is on the card now."))


@membership_required("clients.edit", methods=("POST",))
def dismiss(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leave the card as it is."""
    done = suggestions.dismiss(suggestion=_open(pk), staff=request.staff, now=timezone.now())
    return _back(request, done, _("Dismissed. The card stays as it is."))


def _open(pk: UUID) -> Suggestion:
    return get_object_or_404(Suggestion.objects.exclude_demo().select_related("client"), pk=pk)


def _back(request: HttpRequest, done: bool, words: str) -> HttpResponse:
    """Go back to where the decision was made."""
    if done:
        messages.success(request, words)
    else:
        messages.info(request, _("Somebody has decided this already."))
    where = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(where, allowed_hosts=None):
        where = reverse("console:suggestions", kwargs={"business": request.slug})
    return HttpResponseRedirect(where)
