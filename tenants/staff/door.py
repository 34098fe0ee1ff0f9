"""May this person open this page of this business? Every page of the console asks here."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from tenants.client_ip import client_address
from tenants.context import use_business
from tenants.middleware import PermanentRedirect
from tenants.models import Business, Membership, Person
from tenants.staff import factors
from tenants.staff.actor import Staff
from tenants.staff.matrix import MATRIX, allows, permissions_of
from tenants.staff.places import membership_at
from tenants.staff.sessions import note_use

View = Callable[..., HttpResponse]
READING = ("GET", "HEAD")


def staff_page(permission: str, *, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
    """Open a page to members of the business its path names who have the permission; GET includes HEAD.

    The view works in the business's schema and is called without the path's `business`.
    It finds `request.business`, `.membership`, `.places`, `.person`, `.staff`, `.may` and `.slug`.
    """
    assert permission in MATRIX, f"{permission} is not in tenants.staff.matrix"
    taken = [*methods, "HEAD"] if "GET" in methods else [*methods]

    def guard(view: View) -> View:
        @require_http_methods(taken)
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, business: str, **kwargs: Any) -> HttpResponse:
            if (elsewhere := _on_the_way(request)) is not None:
                return elsewhere
            membership, request.places = membership_at(person_id=request.person.pk, slug=business)
            if membership is None:
                raise Http404
            if membership.slug != business:
                return PermanentRedirect(_there(request, business, membership.slug))
            return _inside(view, request, membership, permission, *args, **kwargs)

        guarded.permission, guarded.methods = permission, tuple(taken)
        return guarded

    return guard


def person_page(*, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
    """Open a page to everybody who is signed in as staff, whatever their business."""
    taken = [*methods, "HEAD"] if "GET" in methods else [*methods]

    def guard(view: View) -> View:
        @require_http_methods(taken)
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _on_the_way(request) or view(request, *args, **kwargs)

        guarded.permission, guarded.methods = None, tuple(taken)
        return guarded

    return guard


def _on_the_way(request: HttpRequest) -> HttpResponse | None:
    """Return where somebody goes first who isn't signed in, or not well enough."""
    elsewhere = _first(request)
    if elsewhere is None or not request.htmx:
        return elsewhere
    # A part of a page can't take a whole one in its place.
    return HttpResponseClientRedirect(elsewhere.url)


def _first(request: HttpRequest) -> HttpResponseRedirect | None:
    wanted = request.htmx.current_url_abs_path if request.htmx else request.get_full_path()
    if request.method not in READING and not request.htmx:
        wanted = reverse("console:choose")
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': wanted or ''})}")
    request.person = request.user
    note_use(request.session.session_key, now=timezone.now())
    return factors.step(request, wanted=wanted or "")


def _there(request: HttpRequest, former: str, current: str) -> str:
    """Return where the business is now. Browsers send a form there once more, as it was: nothing that was typed is lost.

    The host is the same, so its CSRF token counts, and the door asks everything again.
    """
    return request.get_full_path().replace(f"/{former}/", f"/{current}/", 1)


def _inside(
    view: View, request: HttpRequest, membership: Membership, permission: str, *args: Any, **kwargs: Any
) -> HttpResponse:
    """Run a view in its business's schema and by its clock, until the page is rendered."""
    _introduce(request, membership)
    if not allows(membership, permission):
        raise PermissionDenied
    business: Business = membership.business
    with use_business(business), timezone.override(ZoneInfo(business.time_zone)):
        response = view(request, *args, **kwargs)
        # A response that renders itself later would do so in the public schema.
        return response.render() if hasattr(response, "render") else response


def _introduce(request: HttpRequest, membership: Membership) -> None:
    """Tell the view and its templates where they are and who is there."""
    person: Person = request.person
    ip = client_address(request)
    request.business, request.membership, request.slug = membership.business, membership, membership.slug
    request.staff = Staff(person_id=person.pk, name=person.name or person.email, ip=str(ip) if ip else None)
    request.may = permissions_of(membership)
