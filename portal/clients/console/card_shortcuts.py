"""The decorator and the shortcuts for views of a client's card."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from portal.clients.console.card_tabs import build_card_tabs
from portal.clients.models import Client
from tenants.staff.decorators import SAFE_METHODS, ConsoleView, membership_required
from tenants.staff.request_types import StaffRequest

CardView = Callable[Concatenate[StaffRequest, Client, ...], HttpResponseBase]


def client_card_view(
    permission: str, *, methods: Sequence[str] = ("GET",), allow_erased: bool = False, changes_data: bool = True
) -> Callable[[CardView], ConsoleView]:
    """Open a view to staff with the permission, and pass it the client instead of the id from the URL.

    A merged client redirects to the survivor. An erased one raises Http404, except with `allow_erased`.
    """

    def decorator(view: CardView) -> ConsoleView:
        @membership_required(permission, methods=methods, changes_data=changes_data)
        @wraps(view)
        def wrapper(request: StaffRequest, pk: UUID, **kwargs: Any) -> HttpResponseBase:
            client = get_object_or_404(Client.objects.exclude_demo(), pk=pk)
            if client.merged_into_id:
                return _redirect_to_survivor(request, client, **kwargs)
            if client.erased_at and not allow_erased:
                raise Http404
            return view(request, client, **kwargs)

        return wrapper

    return decorator


def render_client_card(
    request: StaffRequest, client: Client, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page of a card with its heading and tabs."""
    common = {"client": client, "tabs": build_card_tabs(request, client)}
    return render(request, template, common | (context or {}), status=status)


def redirect_to_client_card(request: StaffRequest, client: Client, page: str = "client") -> HttpResponse:
    """Redirect to a page of a card."""
    return redirect(f"console:{page}", business=request.slug, pk=client.pk)


def _redirect_to_survivor(request: StaffRequest, client: Client, **kwargs: Any) -> HttpResponse:
    """Redirect to the survivor: to the same page for a safe request, to the card for a form."""
    match = request.resolver_match
    page = match.url_name if match and request.method in SAFE_METHODS and not kwargs else "client"
    return redirect(f"console:{page}", business=request.slug, pk=client.merged_into_id)
