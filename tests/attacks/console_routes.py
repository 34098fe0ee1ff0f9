"""The table of console routes with their permissions and methods, and the routes of the URL configuration."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, get_resolver

UNKNOWN_ID = "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"
PLACEHOLDERS = {"uuid": UNKNOWN_ID, "int": "999999", "slug": "nothing", "str": "nothing", "path": "nothing"}
BUSINESS_PREFIX = "console/<slug:business>/"

# Below /console/<business>/: the permission a route requires and the methods it allows; GET includes HEAD.
ROUTE_PERMISSIONS = {
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
    "settings/embeds/": ("portal.edit", "GET POST"),
    "calendar/": ("appointments.view", "GET"),
    "calendar/free-times/": ("appointments.view", "GET"),
    "calendar/requests/": ("appointments.view", "GET"),
    "calendar/appointments/new/": ("appointments.edit", "GET POST"),
    "calendar/appointments/<uuid:pk>/": ("appointments.view", "GET"),
    "calendar/appointments/<uuid:pk>/confirmation/": ("appointments.edit", "POST"),
    "calendar/appointments/<uuid:pk>/refusal/": ("appointments.edit", "GET POST"),
    "calendar/appointments/<uuid:pk>/cancellation/": ("appointments.edit", "GET POST"),
    "calendar/appointments/<uuid:pk>/attendance/": ("appointments.edit", "POST"),
    "calendar/appointments/<uuid:pk>/time/": ("appointments.edit", "GET POST"),
    "calendar/blocked-times/new/": ("appointments.edit", "GET POST"),
    "calendar/blocked-times/<uuid:pk>/removal/": ("appointments.edit", "POST"),
    "calendar/entries/<uuid:pk>/": ("appointments.view", "GET"),
    "clients/<uuid:pk>/appointments/": ("appointments.view", "GET"),
    "search/": ("home.view", "GET"),
    "calendar/setup/": ("scheduling.edit", "GET POST"),
    "calendar/services/": ("scheduling.edit", "GET"),
    "calendar/services/new/": ("scheduling.edit", "GET POST"),
    "calendar/services/<uuid:pk>/": ("scheduling.edit", "GET POST"),
    "calendar/services/<uuid:pk>/archival/": ("scheduling.edit", "POST"),
    "calendar/services/<uuid:pk>/restoration/": ("scheduling.edit", "POST"),
    "calendar/staff/": ("scheduling.edit", "GET"),
    "calendar/staff/new/": ("scheduling.edit", "GET POST"),
    "calendar/staff/<uuid:pk>/": ("scheduling.edit", "GET POST"),
    "calendar/staff/<uuid:pk>/hours/": ("scheduling.edit", "GET POST"),
    "calendar/staff/<uuid:pk>/outside-calendars/new/": ("scheduling.edit", "GET POST"),
    "calendar/outside-calendars/<uuid:pk>/": ("scheduling.edit", "GET POST"),
    "calendar/outside-calendars/<uuid:pk>/fetch/": ("scheduling.edit", "POST"),
    "calendar/outside-calendars/<uuid:pk>/removal/": ("scheduling.edit", "POST"),
    "calendar/hours/": ("scheduling.edit", "GET POST"),
    "calendar/hours/<uuid:pk>/removal/": ("scheduling.edit", "POST"),
    "calendar/hours/public-holidays/": ("scheduling.edit", "GET POST"),
    "calendar/resources/": ("scheduling.edit", "GET POST"),
    "calendar/resources/<uuid:pk>/": ("scheduling.edit", "GET POST"),
    "calendar/rules/": ("scheduling.edit", "GET POST"),
    "clients/<uuid:pk>/enquiries/": ("clients.view", "GET"),
    "enquiries/": ("enquiries.view", "GET"),
    "enquiries/<uuid:pk>/": ("enquiries.view", "GET"),
    "enquiries/<uuid:pk>/read-status/": ("enquiries.edit", "POST"),
    "enquiries/<uuid:pk>/assignment/": ("enquiries.edit", "POST"),
    "enquiries/suggestions/": ("clients.view", "GET"),
    "enquiries/suggestions/<uuid:pk>/acceptance/": ("clients.edit", "POST"),
    "enquiries/suggestions/<uuid:pk>/dismissal/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/": ("clients.view", "GET"),
    "clients/<uuid:pk>/edit/": ("clients.edit", "GET POST"),
    "clients/<uuid:pk>/tags/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/archival/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/block/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/confirmation/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/restoration/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/timeline/": ("clients.view", "GET"),
    "clients/<uuid:pk>/contacts/": ("clients.view", "GET"),
    "clients/<uuid:pk>/contacts/new/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/contacts/<uuid:contact>/": ("clients.edit", "GET POST"),
    "clients/<uuid:pk>/contacts/<uuid:contact>/removal/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/contacts/<uuid:contact>/sign-in/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/contacts/<uuid:contact>/confirmation/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/notes/": ("clients.view", "GET"),
    "clients/<uuid:pk>/notes/new/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/notes/<uuid:note>/": ("clients.edit", "GET POST"),
    "clients/<uuid:pk>/notes/<uuid:note>/deletion/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/sessions/": ("clients.view", "GET"),
    "clients/<uuid:pk>/sessions/end/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/sessions/<uuid:session>/end/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/passkeys/<uuid:passkey>/removal/": ("clients.edit", "POST"),
    "clients/<uuid:pk>/merge/": ("clients.merge", "GET"),
    "clients/<uuid:pk>/merge/<uuid:other>/": ("clients.merge", "GET POST"),
    "clients/<uuid:pk>/export/": ("clients.export", "POST"),
    "clients/<uuid:pk>/erasure/": ("clients.erase", "GET POST"),
    "calendar/feed/": ("appointments.view", "GET POST"),
    "calendar/feed/revocation/": ("appointments.view", "POST"),
    "messages/": ("messages.view", "GET"),
    "messages/<uuid:pk>/": ("messages.view", "GET"),
    "messages/<uuid:pk>/live/": ("messages.view", "GET"),
    "messages/<uuid:pk>/messages/": ("messages.send", "POST"),
    "notifications/": ("home.view", "GET"),
    "notifications/read-marker/": ("home.view", "POST"),
    "notifications/<uuid:pk>/": ("home.view", "GET"),
    "settings/webhooks/": ("webhooks.manage", "GET"),
    "settings/webhooks/new/": ("webhooks.manage", "GET POST"),
    "settings/webhooks/<uuid:pk>/": ("webhooks.manage", "GET"),
    "settings/webhooks/<uuid:pk>/edit/": ("webhooks.manage", "GET POST"),
    "settings/webhooks/<uuid:pk>/secret/": ("webhooks.manage", "POST"),
    "settings/webhooks/<uuid:pk>/test/": ("webhooks.manage", "POST"),
    "settings/webhooks/<uuid:pk>/replay/": ("webhooks.manage", "POST"),
    "settings/webhooks/<uuid:pk>/removal/": ("webhooks.manage", "POST"),
    "settings/webhooks/<uuid:pk>/attempts/<uuid:attempt>/": ("webhooks.manage", "GET"),
    "settings/notifications/": ("home.view", "GET POST"),
    "settings/message-templates/": ("messages.view", "GET"),
    "settings/message-templates/texts/<slug:kind>/<slug:language>/": ("templates.edit", "GET POST"),
    "settings/message-templates/texts/<slug:kind>/<slug:language>/reset/": ("templates.edit", "POST"),
    "settings/message-templates/<slug:kind>/<slug:language>/": ("templates.edit", "GET POST"),
    "settings/message-templates/<slug:kind>/<slug:language>/reset/": ("templates.edit", "POST"),
    "settings/message-templates/<slug:kind>/<slug:language>/preview/": ("templates.edit", "GET POST"),
    "settings/message-templates/<slug:kind>/<slug:language>/sample/": ("templates.edit", "POST"),
    "settings/client-fields/": ("custom_fields.edit", "GET POST"),
    "settings/client-fields/<uuid:pk>/": ("custom_fields.edit", "GET POST"),
    "settings/client-fields/<uuid:pk>/position/": ("custom_fields.edit", "POST"),
    "settings/client-fields/<uuid:pk>/removal/": ("custom_fields.edit", "POST"),
    "clients/": ("clients.view", "GET"),
    "clients/new/": ("clients.edit", "GET POST"),
    "clients/export/": ("clients.export", "POST"),
    "clients/selected/tag/": ("clients.edit", "POST"),
    "clients/selected/archival/": ("clients.edit", "POST"),
    "clients/selected/invitation/": ("clients.edit", "POST"),
    "clients/views/": ("saved_views.edit", "POST"),
    "clients/views/<uuid:pk>/removal/": ("saved_views.edit", "POST"),
    "clients/tags/": ("clients.edit", "GET POST"),
    "clients/tags/<uuid:pk>/": ("clients.edit", "GET POST"),
    "clients/tags/<uuid:pk>/removal/": ("clients.edit", "POST"),
    "settings/team/": ("team.view", "GET"),
    "settings/team/invitations/": ("team.manage", "POST"),
    "settings/team/invitations/<uuid:pk>/reminder/": ("team.manage", "POST"),
    "settings/team/invitations/<uuid:pk>/withdrawal/": ("team.manage", "POST"),
    "settings/team/<uuid:pk>/": ("team.manage", "GET POST"),
    "settings/team/<uuid:pk>/removal/": ("team.manage", "GET POST"),
    "settings/api-keys/": ("api_keys.manage", "GET"),
    "settings/api-keys/new/": ("api_keys.manage", "GET POST"),
    "settings/api-keys/<uuid:pk>/replacement/": ("api_keys.manage", "GET POST"),
    "settings/api-keys/<uuid:pk>/revocation/": ("api_keys.manage", "GET POST"),
    "sign-in-help/": ("support.view", "GET POST"),
    "settings/text-messages/": ("support.view", "GET"),
    "settings/text-messages/stops/<uuid:pk>/lifting/": ("portal.edit", "POST"),
    "sign-in-help/tickets/": ("support.view", "GET"),
    "sign-in-help/tickets/without-client/": ("support.send", "POST"),
    "sign-in-help/tickets/<uuid:pk>/": ("support.view", "GET"),
    "sign-in-help/tickets/<uuid:pk>/closure/": ("support.send", "POST"),
    "sign-in-help/clients/<uuid:pk>/": ("support.view", "GET"),
    "sign-in-help/clients/<uuid:pk>/live/": ("support.view", "GET"),
    "sign-in-help/clients/<uuid:pk>/ticket/": ("support.send", "POST"),
    "sign-in-help/clients/<uuid:pk>/attempt-link/": ("support.send", "POST"),
    "sign-in-help/clients/<uuid:pk>/attempts/<uuid:attempt>/resend/": ("support.send", "POST"),
    "sign-in-help/clients/<uuid:pk>/attempts/<uuid:attempt>/code/": ("support.issue", "POST"),
    "sign-in-help/clients/<uuid:pk>/suppressions/<uuid:suppression>/removal/": ("support.send", "POST"),
    "activity/": ("activity.view", "GET"),
    "activity/export/": ("activity.export", "POST"),
    "clients/uploads/": ("uploads.run", "GET POST"),
    "clients/uploads/<uuid:pk>/": ("uploads.run", "GET"),
    "clients/uploads/<uuid:pk>/format/": ("uploads.run", "GET POST"),
    "clients/uploads/<uuid:pk>/columns/": ("uploads.run", "GET POST"),
    "clients/uploads/<uuid:pk>/progress/": ("uploads.run", "GET"),
    "clients/uploads/<uuid:pk>/answers/": ("uploads.run", "POST"),
    "clients/uploads/<uuid:pk>/import/": ("uploads.run", "POST"),
    "clients/uploads/<uuid:pk>/invitation/": ("uploads.run", "GET POST"),
    "clients/uploads/<uuid:pk>/import-reversal/": ("uploads.run", "GET POST"),
    "clients/uploads/<uuid:pk>/removal/": ("uploads.run", "POST"),
    "clients/uploads/<uuid:pk>/errors.csv": ("uploads.run", "GET"),
}

OK, NOT_FOUND, NOT_ALLOWED = 200, 404, 405
SIGN_IN, CONSOLE = "/staff/sign-in/", "/console/"
# Staff routes of no business: what GET and POST return to a stranger, then to somebody signed in.
STAFF_ROUTES = {
    "console/": (SIGN_IN, NOT_ALLOWED, OK, NOT_ALLOWED),
    "staff/sign-in/": (OK, OK, CONSOLE, CONSOLE),
    "staff/sign-in/code/": (SIGN_IN, SIGN_IN, CONSOLE, CONSOLE),
    "staff/sign-in/passkey/": (SIGN_IN, SIGN_IN, CONSOLE, CONSOLE),
    "staff/sign-in/second-factor/": (SIGN_IN, SIGN_IN, CONSOLE, CONSOLE),
    "staff/sign-in/inactive/": (OK, NOT_ALLOWED, OK, NOT_ALLOWED),
    "staff/sign-out/": (SIGN_IN, SIGN_IN, OK, SIGN_IN),
    "staff/sign-up/": (NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND),
    "staff/security/": (SIGN_IN, SIGN_IN, OK, NOT_ALLOWED),
    "staff/security/reauthentication/": (SIGN_IN, SIGN_IN, 403, 403),
    "staff/security/reauthentication/passkey/": (SIGN_IN, SIGN_IN, 403, 403),
    "staff/security/app/": (SIGN_IN, SIGN_IN, OK, OK),
    "staff/security/app/removal/": (SIGN_IN, SIGN_IN, NOT_FOUND, NOT_FOUND),
    "staff/security/passkeys/": (SIGN_IN, SIGN_IN, OK, NOT_ALLOWED),
    "staff/security/passkeys/new/": (SIGN_IN, SIGN_IN, OK, OK),
    "staff/security/passkeys/<int:pk>/removal/": (SIGN_IN, SIGN_IN, NOT_FOUND, NOT_FOUND),
    "staff/security/passkeys/<int:pk>/name/": (SIGN_IN, SIGN_IN, NOT_FOUND, NOT_FOUND),
    "staff/security/recovery-codes/": (SIGN_IN, SIGN_IN, NOT_FOUND, NOT_ALLOWED),
    "staff/security/recovery-codes/new/": (SIGN_IN, SIGN_IN, OK, OK),
    "staff/security/recovery-codes/download/": (SIGN_IN, SIGN_IN, NOT_FOUND, NOT_FOUND),
    "staff/sessions/": (SIGN_IN, NOT_ALLOWED, OK, NOT_ALLOWED),
    "staff/sessions/<int:pk>/sign-out/": (NOT_ALLOWED, SIGN_IN, NOT_ALLOWED, NOT_FOUND),
    "staff/sessions/others/sign-out/": (NOT_ALLOWED, SIGN_IN, NOT_ALLOWED, "/staff/sessions/"),
    "staff/invitation/<str:token>/": (NOT_FOUND, NOT_ALLOWED, NOT_FOUND, NOT_ALLOWED),
    "staff/invitations/<uuid:pk>/acceptance/": (NOT_ALLOWED, SIGN_IN, NOT_ALLOWED, NOT_FOUND),
}


def iter_routes(patterns, prefix="") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route below some URL patterns with its pattern."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from iter_routes(pattern.url_patterns, route)


PLATFORM_PATTERNS = list(iter_routes(get_resolver("config.urls_platform").url_patterns))
BUSINESS_PATTERNS = {
    route.removeprefix(BUSINESS_PREFIX): page for route, page in PLATFORM_PATTERNS if route.startswith(BUSINESS_PREFIX)
}
STAFF_PATTERNS = {route for route, _page in PLATFORM_PATTERNS if route.startswith(("staff/", "console/"))} - {
    BUSINESS_PREFIX + route for route in BUSINESS_PATTERNS
}
ALLOWED_METHODS = {route: methods.split() for route, (_permission, methods) in ROUTE_PERMISSIONS.items()}


def build_console_path(route: str, business: str = "acme") -> str:
    """Return a path for a route, with placeholder ids that exist nowhere."""
    filled = re.sub(r"<(\w+):\w+>", lambda part: PLACEHOLDERS[part[1]], route)
    return f"/console/{business}/{filled}"


def build_staff_path(route: str) -> str:
    return "/" + re.sub(r"<(\w+):\w+>", lambda part: PLACEHOLDERS[part[1]], route)
