"""View decorators for signed-in staff and for members with a permission; every console page has one."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, Protocol, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from tenants import database_clock
from tenants.body_limits import BODY_ADMISSION
from tenants.client_ip import get_client_ip
from tenants.context import use_business
from tenants.middleware import PermanentRedirect
from tenants.nouns import registry
from tenants.staff import mfa
from tenants.staff.memberships import MembershipWithSlug, find_membership
from tenants.staff.permissions import get_permissions, has_permission
from tenants.staff.request_types import PersonRequest, StaffRequest
from tenants.staff.sessions import record_session_use
from tenants.staff.staff_actor import StaffActor

PersonView = Callable[Concatenate[PersonRequest, ...], HttpResponseBase]
StaffView = Callable[Concatenate[StaffRequest, ...], HttpResponseBase]
SAFE_METHODS = ("GET", "HEAD")


class ConsoleView(Protocol):
    """A decorated view, with the methods it allows and the permission it needs, None where any person may open it."""

    permission: str | None
    methods: tuple[str, ...]

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer a request."""


def membership_required(
    permission: str, *, methods: Sequence[str] = ("GET",), changes_data: bool = True
) -> Callable[[StaffView], ConsoleView]:
    """Restrict a view to members, with this permission, of the business in the path; GET includes HEAD.

    The view runs in the business's schema and is called without the path's `business`. While the business is
    suspended, a page answers every form instead, except those of views that don't change its data, such as exports.
    """
    assert permission in registry.get_declared_permissions(), f"no noun declares the permission {permission}"

    def decorator(view: StaffView) -> ConsoleView:
        @wraps(view)
        def wrapper(request: StaffRequest, *args: Any, business: str, **kwargs: Any) -> HttpResponseBase:
            if (redirect := _redirect_to_authentication(request)) is not None:
                return redirect
            membership, request.memberships = find_membership(person_id=request.person.pk, slug=business)
            if membership is None:
                raise Http404
            if membership.slug != business:
                return PermanentRedirect(_replace_slug_in_url(request, business, membership.slug))
            takes_forms = membership.business.is_open or not changes_data
            served = _admit_large_body(view) if takes_forms else _refuse_forms(view)
            return _run_view_in_business(served, request, membership, permission, *args, **kwargs)

        return _restrict_methods(wrapper, methods, permission=permission)

    return decorator


def staff_login_required(*, methods: Sequence[str] = ("GET",)) -> Callable[[PersonView], ConsoleView]:
    """Restrict a view to signed-in staff, whatever their business; GET includes HEAD."""

    def decorator(view: PersonView) -> ConsoleView:
        @wraps(view)
        def wrapper(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _redirect_to_authentication(request) or view(request, *args, **kwargs)

        return _restrict_methods(wrapper, methods, permission=None)

    return decorator


def _restrict_methods(
    view: Callable[..., HttpResponseBase], methods: Sequence[str], *, permission: str | None
) -> ConsoleView:
    """Answer 405 to other methods, and note on the view what it requires."""
    allowed_methods = [*methods, "HEAD"] if "GET" in methods else [*methods]
    console_view = cast(ConsoleView, require_http_methods(allowed_methods)(view))
    console_view.permission, console_view.methods = permission, tuple(allowed_methods)
    return console_view


def _admit_large_body(view: StaffView) -> StaffView:
    """Return a view that runs when its request has arrived: the server asks first whether it may read a large body."""

    def admitting_view(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        admission = request.META.get(BODY_ADMISSION)
        if admission is None:
            return view(request, *args, **kwargs)
        admission.is_granted, admission.owner = True, str(request.business.pk)
        return HttpResponse(status=204)

    return admitting_view


def _refuse_forms(view: StaffView) -> StaffView:
    """Return the view of a suspended business: forms get a page that says why nothing was changed."""

    def refusing_view(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in SAFE_METHODS:
            return view(request, *args, **kwargs)
        return render(request, "console/suspended.html", status=403)

    return refusing_view


def _redirect_to_authentication(request: PersonRequest) -> HttpResponse | None:
    """Return a redirect to sign-in or to the second factor, or None for whoever has passed both."""
    redirect = _authentication_redirect(request)
    if redirect is None or not request.htmx:
        return redirect
    # htmx would put the sign-in page into a part of this one, so the browser is told to load it whole.
    return HttpResponseClientRedirect(redirect.url)


def _authentication_redirect(request: PersonRequest) -> HttpResponseRedirect | None:
    next_url = request.htmx.current_url_abs_path if request.htmx else request.get_full_path()
    if request.method not in SAFE_METHODS and not request.htmx:
        next_url = reverse("console:select-business")
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': next_url or ''})}")
    request.person = request.user
    record_session_use(request.session.session_key, now=database_clock.now())
    return mfa.require_verification(request, next_url=next_url or "")


def _replace_slug_in_url(request: HttpRequest, former: str, current: str) -> str:
    """Return this URL at the business's current slug. Browsers repeat a POST there unchanged, so no input is lost.

    The host is the same, so the CSRF token is valid, and the decorator checks everything again.
    """
    return request.get_full_path().replace(f"/{former}/", f"/{current}/", 1)


def _run_view_in_business(
    view: StaffView, request: StaffRequest, membership: MembershipWithSlug, permission: str, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """Check the permission and run a view, rendering included, in its business's schema and time zone.

    Raises PermissionDenied.
    """
    _set_request_attributes(request, membership)
    if not has_permission(membership, permission):
        raise PermissionDenied
    business = membership.business
    with use_business(business), timezone.override(ZoneInfo(business.time_zone)):
        response = view(request, *args, **kwargs)
        # A TemplateResponse would otherwise render later, in the public schema.
        return response.render() if hasattr(response, "render") else response


def _set_request_attributes(request: StaffRequest, membership: MembershipWithSlug) -> None:
    """Set the request attributes that views and templates use: business, membership, slug, staff and perms."""
    person = request.person
    ip = get_client_ip(request)
    request.business, request.membership, request.slug = membership.business, membership, membership.slug
    request.staff = StaffActor(person_id=person.pk, name=person.name or person.email, ip=str(ip) if ip else None)
    request.perms = get_permissions(membership)
