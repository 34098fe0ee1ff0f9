"""What was this member of staff told, and what do they want to be told?"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.messaging.notices import services
from portal.messaging.notices.forms import WishesForm
from tenants.staff.decorators import membership_required


@membership_required("home.view")
def listing(request: HttpRequest) -> HttpResponse:
    """List what this person was told lately."""
    return render(request, "console/notices/listing.html", {"notices": _mine(request)[: services.SHOWN]})


@membership_required("home.view")
def notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go where a notice leads; it has been read then."""
    found = get_object_or_404(_mine(request), pk=pk)
    if request.method == "GET":
        services.mark_read(_mine(request).filter(pk=pk), now=timezone.now())
    return HttpResponseRedirect(reverse("console:home", kwargs={"business": request.slug}) + found.page)


@membership_required("home.view", methods=("POST",))
def read(request: HttpRequest) -> HttpResponse:
    """Mark everything this person was told as read."""
    services.mark_read(_mine(request), now=timezone.now())
    return redirect("console:notices", business=request.slug)


@membership_required("home.view", methods=("GET", "POST"))
def wishes(request: HttpRequest) -> HttpResponse:
    """Let a person choose what they are told, and how."""
    form = WishesForm(request.POST or None, wishes=services.wishes_of(request.membership))
    if form.is_valid():
        services.choose(membership=request.membership, wishes=form.chosen())
        messages.success(request, _("Saved."))
        return redirect("console:notice-wishes", business=request.slug)
    return render(request, "console/notices/wishes.html", {"form": form}, status=422 if form.is_bound else 200)


def _mine(request: HttpRequest):
    return services.notices_of(request.person.pk)
