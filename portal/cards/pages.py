"""How does a page of one client's card begin? With the card itself, if there is such a one here."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal.cards.tabs import tabs_for
from portal.clients.models import Client
from tenants.staff.decorators import SAFE_METHODS, membership_required

View = Callable[..., Any]


def card_page(permission: str, *, methods: Sequence[str] = ("GET",), of_erased: bool = False) -> Callable[[View], View]:
    """Open a page of a card to staff with the permission; the view gets the client in place of the path's key.

    A card that was merged leads to the one it went into. What was erased has a page only where `of_erased`.
    """

    def guard(view: View) -> View:
        @membership_required(permission, methods=methods)
        @wraps(view)
        def guarded(request: HttpRequest, pk: UUID, **kwargs: Any) -> HttpResponse:
            client = get_object_or_404(Client.objects.exclude_demo(), pk=pk)
            if client.merged_into_id:
                return _onward(request, client, **kwargs)
            if client.erased_at and not of_erased:
                raise Http404
            return view(request, client, **kwargs)

        return guarded

    return guard


def show(
    request: HttpRequest, client: Client, page: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page of a card below its heading and tabs."""
    known = {"client": client, "tabs": tabs_for(request, client)}
    return render(request, page, known | (context or {}), status=status)


def back(request: HttpRequest, client: Client, page: str = "client") -> HttpResponse:
    """Go to a page of a card."""
    return redirect(f"console:{page}", business=request.slug, pk=client.pk)


def _onward(request: HttpRequest, client: Client, **kwargs: Any) -> HttpResponse:
    """Send readers to the same page of the card that stands now; a form is not sent along."""
    match = request.resolver_match
    page = match.url_name if match and request.method in SAFE_METHODS and not kwargs else "client"
    return redirect(f"console:{page}", business=request.slug, pk=client.merged_into_id)
