"""How is a question about the list kept for next time?"""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.clients import services
from portal.clients.console import asking
from portal.clients.models import CustomField, SavedView
from tenants.staff.decorators import membership_required
from tenants.staff.permissions import has_permission

LONGEST = 60


@membership_required("clients.view", methods=("POST",))
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is narrowed and sorted now, for oneself or for everybody."""
    query = asking.read(QueryDict(request.POST.get("query", "")), CustomField.objects.all()).query
    name = " ".join(request.POST.get("name", "").split())
    shared = bool(request.POST.get("shared")) and has_permission(request.membership, "clients.edit")
    if not 1 <= len(name) <= LONGEST or not name.isprintable():
        messages.error(request, _("Name the view, in 60 characters at most."))
        return _to(request, query)
    try:
        whose = {"person_id": None if shared else request.person.pk, "staff": request.staff}
        services.keep_view(name=name, query=query, **whose, now=timezone.now())
        messages.success(request, _("Kept. You find it above the list."))
    except services.NameTaken:
        messages.error(request, _("There is a view of this name already."))
    return _to(request, query)


@membership_required("clients.view", methods=("POST",))
def forget(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget a view: one's own, or everybody's for those who may change clients."""
    view = get_object_or_404(SavedView, Q(person_id=request.person.pk) | Q(person_id=None), pk=pk)
    if view.person_id is None and not has_permission(request.membership, "clients.edit"):
        raise PermissionDenied
    services.forget_view(view=view, staff=request.staff, now=timezone.now())
    messages.success(request, _("The view is gone. No client was changed."))
    return _to(request, "")


def _to(request: HttpRequest, query: str) -> HttpResponse:
    place = reverse("console:clients", kwargs={"business": request.slug})
    return redirect(f"{place}?{query}" if query else place)
