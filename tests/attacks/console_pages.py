"""The pages of the console: one row per page with its permission and methods, and the routes of the URL configuration."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, get_resolver

NOBODYS = "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"
STAND_INS = {"uuid": NOBODYS, "int": "999999", "slug": "nothing", "str": "nothing", "path": "nothing"}
BUSINESS = "console/<slug:business>/"

# Below /console/<business>/: the permission a page asks for and the methods it takes; GET includes HEAD.
ROUTES = {
    "": ("home.view", "GET"),
    "settings/": ("home.view", "GET"),
    "portal/": ("portal.view", "GET"),
    "portal/address/": ("portal.edit", "GET POST"),
    "portal/address/check/": ("portal.edit", "GET"),
    "portal/address/qr.svg": ("portal.view", "GET"),
    "portal/address/qr.png": ("portal.view", "GET"),
    "portal/invitation/": ("messages.send", "GET POST"),
    "portal/demo/": ("portal.demo", "POST"),
    "portal/demo/reset/": ("portal.demo", "POST"),
    "portal/impersonation/<uuid:pk>/": ("portal.impersonate", "GET POST"),
    "portal/domain/": ("portal.edit", "GET POST"),
    "portal/domain/<uuid:pk>/check/": ("portal.edit", "POST"),
    "portal/domain/<uuid:pk>/release/": ("portal.edit", "GET POST"),
    "portal/branding/": ("portal.edit", "GET POST"),
    "portal/branding/contrast/": ("portal.edit", "GET"),
    "portal/branding/logo/": ("portal.edit", "POST"),
    "portal/branding/logo.png": ("portal.view", "GET"),
    "portal/sign-in/": ("portal.edit", "GET POST"),
    "settings/contact-form/": ("portal.edit", "GET POST"),
    "search/": ("home.view", "GET"),
    "clients/<uuid:pk>/enquiries/": ("clients.view", "GET"),
    "enquiries/": ("clients.view", "GET"),
    "enquiries/<uuid:pk>/": ("clients.view", "GET"),
    "enquiries/<uuid:pk>/read-status/": ("clients.edit", "POST"),
    "enquiries/<uuid:pk>/assignment/": ("clients.edit", "POST"),
    "enquiries/suggestions/": ("clients.view", "GET"),
    "enquiries/suggestions/<uuid:pk>/acceptance/": ("clients.edit", "POST"),
    "enquiries/suggestions/<uuid:pk>/dismissal/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/": ("clients.view", "GET"),
    "clients/<uuid:pk>/edit/": ("clients.edit", "GET POST"),
    "clients/<uuid:pk>/tags/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/archive/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/block/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/restore/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/timeline/": ("clients.view", "GET"),
    "clients/<uuid:pk>/contacts/": ("clients.view", "GET"),
    "clients/<uuid:pk>/contacts/add/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/contacts/<uuid:contact>/": ("clients.edit", "GET POST"),
    "clients/<uuid:pk>/contacts/<uuid:contact>/remove/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/contacts/<uuid:contact>/sign-in/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/contacts/<uuid:contact>/confirm/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/notes/": ("clients.view", "GET"),
    "clients/<uuid:pk>/notes/add/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/notes/<uuid:note>/": ("clients.edit", "GET POST"),
    "clients/<uuid:pk>/notes/<uuid:note>/delete/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/sessions/": ("clients.view", "GET"),
    "clients/<uuid:pk>/sessions/end/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/sessions/<uuid:session>/end/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/merge/": ("clients.merge", "GET"),
    "clients/<uuid:pk>/merge/<uuid:other>/": ("clients.merge", "GET POST"),
    "clients/<uuid:pk>/export/": ("clients.export", "POST"),
    "clients/<uuid:pk>/erase/": ("clients.erase", "GET POST"),
    "messages/": ("messages.view", "GET"),
    "messages/<uuid:pk>/": ("messages.view", "GET"),
    "messages/<uuid:pk>/live/": ("messages.view", "GET"),
    "messages/<uuid:pk>/messages/": ("messages.send", "POST"),
    "notifications/": ("home.view", "GET"),
    "notifications/read-marker/": ("home.view", "POST"),
    "notifications/<uuid:pk>/": ("home.view", "GET"),
    "settings/notifications/": ("home.view", "GET POST"),
    "settings/message-templates/": ("messages.view", "GET"),
    "settings/message-templates/texts/<slug:kind>/<slug:language>/": ("templates.edit", "GET POST"),
    "settings/message-templates/texts/<slug:kind>/<slug:language>/reset/": ("templates.edit", "POST"),
    "settings/message-templates/<slug:kind>/<slug:language>/": ("templates.edit", "GET POST"),
    "settings/message-templates/<slug:kind>/<slug:language>/reset/": ("templates.edit", "POST"),
    "settings/message-templates/<slug:kind>/<slug:language>/preview/": ("templates.edit", "GET POST"),
    "settings/message-templates/<slug:kind>/<slug:language>/sample/": ("templates.edit", "POST"),
    "settings/client-fields/": ("settings.edit", "GET POST"),
    "settings/client-fields/<uuid:pk>/": ("settings.edit", "GET POST"),
    "settings/client-fields/<uuid:pk>/position/": ("settings.edit", "POST"),
    "settings/client-fields/<uuid:pk>/removal/": ("settings.edit", "POST"),
    "clients/": ("clients.view", "GET"),
    "clients/new/": ("clients.edit", "GET POST"),
    "clients/export/": ("clients.export", "POST"),
    "clients/selected/tag/": ("clients.edit", "POST"),
    "clients/selected/archival/": ("clients.edit", "POST"),
    "clients/selected/invitation/": ("clients.edit", "POST"),
    "clients/views/": ("clients.view", "POST"),
    "clients/views/<uuid:pk>/removal/": ("clients.view", "POST"),
    "clients/tags/": ("clients.edit", "GET POST"),
    "clients/tags/<uuid:pk>/": ("clients.edit", "GET POST"),
    "clients/tags/<uuid:pk>/removal/": ("clients.edit", "POST"),
    "settings/team/": ("team.view", "GET"),
    "settings/team/invitations/": ("team.manage", "POST"),
    "settings/team/invitations/<uuid:pk>/reminder/": ("team.manage", "POST"),
    "settings/team/invitations/<uuid:pk>/withdrawal/": ("team.manage", "POST"),
    "settings/team/<uuid:pk>/": ("team.manage", "GET POST"),
    "settings/team/<uuid:pk>/removal/": ("team.manage", "GET POST"),
    "sign-in-help/": ("support.view", "GET POST"),
    "sign-in-help/tickets/": ("support.view", "GET"),
    "sign-in-help/tickets/without-client/": ("support.send", "POST"),
    "sign-in-help/tickets/<uuid:pk>/": ("support.view", "GET"),
    "sign-in-help/tickets/<uuid:pk>/closure/": ("support.send", "POST"),
    "sign-in-help/clients/<uuid:pk>/": ("support.view", "GET"),
    "sign-in-help/clients/<uuid:pk>/live/": ("support.view", "GET"),
    "sign-in-help/clients/<uuid:pk>/ticket/": ("support.send", "POST"),
    "sign-in-help/clients/<uuid:pk>/attempts/<uuid:attempt>/resend/": ("support.send", "POST"),
    "sign-in-help/clients/<uuid:pk>/attempts/<uuid:attempt>/code/": ("support.issue", "POST"),
    "sign-in-help/clients/<uuid:pk>/suppressions/<uuid:suppression>/removal/": ("support.send", "POST"),
    "activity/": ("activity.view", "GET"),
    "activity/export/": ("activity.export", "GET"),
    "clients/uploads/": ("uploads.run", "GET POST"),
    "clients/uploads/<uuid:pk>/": ("uploads.run", "GET"),
    "clients/uploads/<uuid:pk>/format/": ("uploads.run", "GET POST"),
    "clients/uploads/<uuid:pk>/columns/": ("uploads.run", "GET POST"),
    "clients/uploads/<uuid:pk>/progress/": ("uploads.run", "GET"),
    "clients/uploads/<uuid:pk>/take-over/": ("uploads.run", "POST"),
    "clients/uploads/<uuid:pk>/invite/": ("uploads.run", "GET POST"),
    "clients/uploads/<uuid:pk>/undo/": ("uploads.run", "GET POST"),
    "clients/uploads/<uuid:pk>/discard/": ("uploads.run", "POST"),
    "clients/uploads/<uuid:pk>/errors.csv": ("uploads.run", "GET"),
}

IN, GONE, NO = 200, 404, 405
DOOR, HERE = "/staff/sign-in/", "/console/"
# The pages of a person: what a stranger gets who reads and who writes, then what somebody signed in gets.
OWN = {
    "console/": (DOOR, NO, IN, NO),
    "staff/sign-in/": (IN, IN, HERE, HERE),
    "staff/sign-in/code/": (DOOR, DOOR, HERE, HERE),
    "staff/sign-in/passkey/": (DOOR, DOOR, HERE, HERE),
    "staff/sign-in/second-factor/": (DOOR, DOOR, HERE, HERE),
    "staff/sign-in/inactive/": (IN, NO, IN, NO),
    "staff/sign-out/": (DOOR, DOOR, IN, DOOR),
    "staff/sign-up/": (GONE, GONE, GONE, GONE),
    "staff/security/": (DOOR, DOOR, IN, NO),
    "staff/security/reauthentication/": (DOOR, DOOR, 403, 403),
    "staff/security/reauthentication/passkey/": (DOOR, DOOR, 403, 403),
    "staff/security/app/": (DOOR, DOOR, IN, IN),
    "staff/security/app/removal/": (DOOR, DOOR, GONE, GONE),
    "staff/security/passkeys/": (DOOR, DOOR, IN, NO),
    "staff/security/passkeys/new/": (DOOR, DOOR, IN, IN),
    "staff/security/passkeys/<int:pk>/removal/": (DOOR, DOOR, GONE, GONE),
    "staff/security/passkeys/<int:pk>/name/": (DOOR, DOOR, GONE, GONE),
    "staff/security/recovery-codes/": (DOOR, DOOR, GONE, NO),
    "staff/security/recovery-codes/new/": (DOOR, DOOR, IN, IN),
    "staff/security/recovery-codes/download/": (DOOR, DOOR, GONE, GONE),
    "staff/sessions/": (DOOR, NO, IN, NO),
    "staff/sessions/<int:pk>/sign-out/": (NO, DOOR, NO, GONE),
    "staff/sessions/others/sign-out/": (NO, DOOR, NO, "/staff/sessions/"),
    "staff/invitation/<str:token>/": (GONE, NO, GONE, NO),
    "staff/invitations/<uuid:pk>/acceptance/": (NO, DOOR, NO, GONE),
}


def iter_routes(patterns, prefix="") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route of the platform's host with its pattern."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from iter_routes(pattern.url_patterns, route)


PLATFORM = list(iter_routes(get_resolver("config.urls_platform").url_patterns))
PAGES = {route.removeprefix(BUSINESS): page for route, page in PLATFORM if route.startswith(BUSINESS)}
PERSONAL = {route for route, _page in PLATFORM if route.startswith(("staff/", "console/"))} - {
    BUSINESS + route for route in PAGES
}
TAKEN = {route: words.split() for route, (_permission, words) in ROUTES.items()}


def fill_route(route: str, business: str = "acme") -> str:
    """Return an address of a route, with the keys of nobody's rows."""
    filled = re.sub(r"<(\w+):\w+>", lambda part: STAND_INS[part[1]], route)
    return f"/console/{business}/{filled}"


def fill_own_route(route: str) -> str:
    return "/" + re.sub(r"<(\w+):\w+>", lambda part: STAND_INS[part[1]], route)
