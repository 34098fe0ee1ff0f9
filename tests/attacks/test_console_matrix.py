"""T14: does every page of the console give each role what the matrix says, and is every page in it?

The routes come from the URL configuration. A page that is not in the table fails the first test;
a page whose door says something else than the table fails the second; the rest try the doors.
"""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from tenants.models import Membership, Role
from tenants.staff.matrix import allows

NOBODYS = "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"
STAND_INS = {"uuid": NOBODYS, "int": "999999", "slug": "nothing", "str": "nothing", "path": "nothing"}
BUSINESS = "console/<slug:business>/"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

# Below /console/<business>/: the permission a page asks for and the methods it takes; GET includes HEAD.
MATRIX = {
    "": ("home.view", "GET"),
    "settings/": ("home.view", "GET"),
    "portal/": ("portal.view", "GET"),
    "portal/address/": ("portal.edit", "GET POST"),
    "portal/address/check/": ("portal.edit", "GET"),
    "portal/address/qr.svg": ("portal.view", "GET"),
    "portal/address/qr.png": ("portal.view", "GET"),
    "portal/send/": ("messages.send", "GET POST"),
    "portal/demo/": ("portal.demo", "POST"),
    "portal/demo/reset/": ("portal.demo", "POST"),
    "portal/look/<uuid:pk>/": ("portal.look", "GET POST"),
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
    "enquiries/<uuid:pk>/read/": ("clients.edit", "POST"),
    "enquiries/<uuid:pk>/assign/": ("clients.edit", "POST"),
    "enquiries/differences/": ("clients.view", "GET"),
    "enquiries/differences/<uuid:pk>/accept/": ("clients.edit", "POST"),
    "enquiries/differences/<uuid:pk>/dismiss/": ("clients.edit", "POST"),
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
    "messages/<uuid:pk>/write/": ("messages.send", "POST"),
    "notices/": ("home.view", "GET"),
    "notices/read/": ("home.view", "POST"),
    "notices/<uuid:pk>/": ("home.view", "GET"),
    "settings/notices/": ("home.view", "GET POST"),
    "settings/mails/": ("messages.view", "GET"),
    "settings/mails/texts/<slug:kind>/<slug:language>/": ("templates.edit", "GET POST"),
    "settings/mails/texts/<slug:kind>/<slug:language>/reset/": ("templates.edit", "POST"),
    "settings/mails/<slug:kind>/<slug:language>/": ("templates.edit", "GET POST"),
    "settings/mails/<slug:kind>/<slug:language>/reset/": ("templates.edit", "POST"),
    "settings/mails/<slug:kind>/<slug:language>/preview/": ("templates.edit", "GET POST"),
    "settings/mails/<slug:kind>/<slug:language>/sample/": ("templates.edit", "POST"),
    "settings/client-fields/": ("settings.edit", "GET POST"),
    "settings/client-fields/<uuid:pk>/": ("settings.edit", "GET POST"),
    "settings/client-fields/<uuid:pk>/move/": ("settings.edit", "POST"),
    "settings/client-fields/<uuid:pk>/remove/": ("settings.edit", "POST"),
    "clients/": ("clients.view", "GET"),
    "clients/add/": ("clients.edit", "GET POST"),
    "clients/export/": ("clients.export", "POST"),
    "clients/chosen/tag/": ("clients.edit", "POST"),
    "clients/chosen/archive/": ("clients.edit", "POST"),
    "clients/chosen/invite/": ("clients.edit", "POST"),
    "clients/views/": ("clients.view", "POST"),
    "clients/views/<uuid:pk>/remove/": ("clients.view", "POST"),
    "clients/tags/": ("clients.edit", "GET POST"),
    "clients/tags/<uuid:pk>/": ("clients.edit", "GET POST"),
    "clients/tags/<uuid:pk>/remove/": ("clients.edit", "POST"),
    "settings/team/": ("team.view", "GET"),
    "settings/team/invite/": ("team.manage", "POST"),
    "settings/team/invitations/<uuid:pk>/again/": ("team.manage", "POST"),
    "settings/team/invitations/<uuid:pk>/withdraw/": ("team.manage", "POST"),
    "settings/team/<uuid:pk>/": ("team.manage", "GET POST"),
    "settings/team/<uuid:pk>/remove/": ("team.manage", "GET POST"),
    "sign-in-help/": ("help.view", "GET POST"),
    "sign-in-help/tickets/": ("help.view", "GET"),
    "sign-in-help/tickets/ask/": ("help.send", "POST"),
    "sign-in-help/tickets/<uuid:pk>/": ("help.view", "GET"),
    "sign-in-help/tickets/<uuid:pk>/close/": ("help.send", "POST"),
    "sign-in-help/clients/<uuid:pk>/": ("help.view", "GET"),
    "sign-in-help/clients/<uuid:pk>/live/": ("help.view", "GET"),
    "sign-in-help/clients/<uuid:pk>/ticket/": ("help.send", "POST"),
    "sign-in-help/clients/<uuid:pk>/attempts/<uuid:attempt>/send/": ("help.send", "POST"),
    "sign-in-help/clients/<uuid:pk>/attempts/<uuid:attempt>/code/": ("help.issue", "POST"),
    "sign-in-help/clients/<uuid:pk>/blocks/<uuid:suppression>/clear/": ("help.send", "POST"),
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
    "staff/sign-in/second/": (DOOR, DOOR, HERE, HERE),
    "staff/sign-in/closed/": (IN, NO, IN, NO),
    "staff/sign-out/": (DOOR, DOOR, IN, DOOR),
    "staff/sign-up/": (GONE, GONE, GONE, GONE),
    "staff/security/": (DOOR, DOOR, IN, NO),
    "staff/security/again/": (DOOR, DOOR, 403, 403),
    "staff/security/again/passkey/": (DOOR, DOOR, 403, 403),
    "staff/security/app/": (DOOR, DOOR, IN, IN),
    "staff/security/app/remove/": (DOOR, DOOR, GONE, GONE),
    "staff/security/passkeys/": (DOOR, DOOR, IN, NO),
    "staff/security/passkeys/add/": (DOOR, DOOR, IN, IN),
    "staff/security/passkeys/<int:pk>/remove/": (DOOR, DOOR, GONE, GONE),
    "staff/security/passkeys/<int:pk>/name/": (DOOR, DOOR, GONE, GONE),
    "staff/security/recovery-codes/": (DOOR, DOOR, GONE, NO),
    "staff/security/recovery-codes/new/": (DOOR, DOOR, IN, IN),
    "staff/security/recovery-codes/download/": (DOOR, DOOR, GONE, GONE),
    "staff/sessions/": (DOOR, NO, IN, NO),
    "staff/sessions/<int:pk>/end/": (NO, DOOR, NO, GONE),
    "staff/sessions/end-others/": (NO, DOOR, NO, "/staff/sessions/"),
    "staff/invitation/<str:token>/": (GONE, NO, GONE, NO),
    "staff/invitations/<uuid:pk>/accept/": (NO, DOOR, NO, GONE),
}


def routes(patterns, prefix="") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route of the platform's host with its pattern."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from routes(pattern.url_patterns, route)


PLATFORM = list(routes(get_resolver("config.urls_platform").url_patterns))
PAGES = {route.removeprefix(BUSINESS): page for route, page in PLATFORM if route.startswith(BUSINESS)}
PERSONAL = {route for route, _page in PLATFORM if route.startswith(("staff/", "console/"))} - {
    BUSINESS + route for route in PAGES
}
TAKEN = {route: words.split() for route, (_permission, words) in MATRIX.items()}


def path_of(route: str, business: str = "acme") -> str:
    """Return an address of a route, with the keys of nobody's rows."""
    filled = re.sub(r"<(\w+):\w+>", lambda part: STAND_INS[part[1]], route)
    return f"/console/{business}/{filled}"


def own_path(route: str) -> str:
    return "/" + re.sub(r"<(\w+):\w+>", lambda part: STAND_INS[part[1]], route)


def result(answer):
    """Return where an answer leads, without its query, or its status."""
    return answer.headers["Location"].partition("?")[0] if answer.status_code == 302 else answer.status_code


def test_every_page_is_in_the_matrix():
    assert set(PAGES) == set(MATRIX)
    assert set(OWN) == PERSONAL


@pytest.mark.parametrize("route", MATRIX)
def test_a_page_s_door_says_what_the_matrix_says(route):
    view = PAGES[route].callback

    assert (view.permission, set(view.methods) - {"HEAD"}) == (MATRIX[route][0], set(TAKEN[route]))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", MATRIX)
def test_a_page_opens_to_the_roles_that_have_its_permission_and_to_no_other(staff_client, route, role):
    browser, is_allowed = staff_client(role), allows(Membership(role=role), MATRIX[route][0])
    taken = {*TAKEN[route], *(["HEAD"] if "GET" in TAKEN[route] else [])}

    for method in METHODS:
        answer = browser.generic(method, path_of(route))
        if answer.streaming:  # a file is closed once it was read
            list(answer.streaming_content)
        status = answer.status_code
        if method not in taken:
            assert status == 405, method
        elif is_allowed:
            assert status in (200, 204, 302, 400, 404, 409, 422), method
        else:
            assert status == 403, method


@pytest.mark.parametrize("route", MATRIX)
def test_a_stranger_is_shown_the_door_at_every_page(acme, platform_client, route):
    browser = platform_client()
    for method in TAKEN[route]:
        answer = browser.generic(method, path_of(route))
        assert result(answer) == DOOR, method


@pytest.mark.parametrize("route", MATRIX)
def test_staff_of_another_business_find_nothing_at_any_page(staff_client, globex, route):
    browser = staff_client("owner", globex, billing=True, documents=True)
    for method in TAKEN[route]:
        assert browser.generic(method, path_of(route)).status_code == 404, method


@pytest.mark.parametrize("route", [route for route, taken in TAKEN.items() if "POST" in taken])
def test_no_page_takes_a_form_from_another_site(staff_client, settings, route):
    browser = Client(headers={"host": settings.PLATFORM_HOST}, enforce_csrf_checks=True)
    browser.cookies.update(staff_client("owner").cookies)

    answer = browser.post(path_of(route))

    assert answer.status_code == 403
    assert b"Please send that again" in answer.content


@pytest.mark.parametrize("route", OWN)
def test_a_page_of_one_s_own_is_there_for_whom_the_matrix_says(acme, globex, platform_client, staff_client, route):
    signed_in = [staff_client("staff") for _once in range(2)]
    for browser in signed_in:
        _give_two_places(browser, globex)
    path = own_path(route)

    shown = result(platform_client().get(path)), result(signed_in[0].get(path))
    taken = result(platform_client().post(path)), result(signed_in[1].post(path))

    assert (shown[0], taken[0], shown[1], taken[1]) == OWN[route]


@pytest.mark.parametrize("route", [route for route, row in OWN.items() if row[3] not in (NO, GONE)])
def test_no_page_of_one_s_own_takes_a_form_from_another_site(staff_client, settings, route):
    browser = Client(headers={"host": settings.PLATFORM_HOST}, enforce_csrf_checks=True)
    browser.cookies.update(staff_client("owner").cookies)

    assert browser.post(own_path(route)).status_code == 403


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\x00"]
)
def test_nobody_who_is_signed_in_is_sent_elsewhere(staff_client, evil):
    answer = staff_client("staff").get("/staff/sign-in/", {"next": evil})

    assert result(answer) == HERE


def _give_two_places(browser: Client, business) -> None:
    """Let somebody have a choice, or the page to choose would lead straight on."""
    person = browser.session["_auth_user_id"]
    Membership.objects.create(person_id=person, business=business, role=Role.STAFF, created_at=business.created_at)
