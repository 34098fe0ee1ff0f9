"""T1: cookies, codes and tokens of one business are worthless at another."""

from django.utils import timezone

from portal.access.models import ClientSession
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE


def copy_cookies(one, other):
    """Put the cookies of one visitor into the other's browser."""
    for name, morsel in one.browser.cookies.items():
        other.browser.cookies[name] = morsel.value


def test_a_session_at_one_business_is_a_stranger_at_another(acme, globex, same_name_clients, open_visitor):
    acme_visitor, globex_visitor = open_visitor(acme), open_visitor(globex)
    acme_visitor.request_code()
    acme_visitor.submit_code(acme_visitor.code())
    assert acme_visitor.request_home_status() == 200

    copy_cookies(acme_visitor, globex_visitor)

    for path_ in ("/", "/sessions/", "/account/", "/account/contact/", "/account/reauthentication/"):
        assert globex_visitor.browser.get(path_).headers.get("Location") == "/sign-in/", path_


def test_a_challenge_and_its_code_are_invalid_at_another_business(
    acme, globex, same_name_clients, open_visitor, count_sessions
):
    acme_visitor, globex_visitor = open_visitor(acme), open_visitor(globex)
    acme_visitor.request_code()
    code = acme_visitor.code()
    copy_cookies(acme_visitor, globex_visitor)

    assert globex_visitor.submit_code(code).status_code == 409
    assert globex_visitor.resend(channel="sms").status_code == 409
    assert acme_visitor.challenge.failures == 0
    assert count_sessions(globex) == 0
    assert acme_visitor.submit_code(code).status_code == 302


def test_a_code_of_one_business_is_wrong_for_a_challenge_of_another(acme, globex, same_name_clients, open_visitor):
    acme_visitor, globex_visitor = open_visitor(acme), open_visitor(globex)
    acme_visitor.request_code()
    globex_visitor.request_code()
    globex_visitor.submit_code(
        next(code for code in (acme_visitor.code(), *globex_visitor.wrong_codes()) if code != globex_visitor.code())
    )

    assert globex_visitor.challenge.failures == 1
    assert acme_visitor.challenge.failures == 0


def test_a_confirmation_at_one_business_changes_no_card_at_another(acme, globex, same_name_clients, open_visitor):
    acme_visitor, globex_visitor = open_visitor(acme), open_visitor(globex)
    for visitor in (acme_visitor, globex_visitor):
        visitor.request_code()
        visitor.submit_code(visitor.code())
    acme_visitor.browser.post("/account/contact/", {"identifier": "evil@example.com"})
    globex_visitor.browser.cookies["confirmation"] = acme_visitor.browser.cookies["confirmation"].value
    reader = open_visitor(acme)
    reader.browser.cookies["challenge"] = acme_visitor.browser.cookies["confirmation"].value

    assert globex_visitor.browser.post("/account/contact/code/", {"code": reader.code()}).status_code == 409
    with use_business(globex):
        assert set(same_name_clients[1].contacts.values_list("value", flat=True)) == {ANA, MOBILE}


def test_a_session_can_not_be_ended_by_its_key_from_another_business_or_by_another_client(
    acme, globex, same_name_clients, open_visitor
):
    with use_business(acme):
        ClientFactory(name="Bo Lind", email="bo@example.com")
    ana, bo, other_ana = open_visitor(acme), open_visitor(acme), open_visitor(globex)
    for visitor, address in ((ana, ANA), (bo, "bo@example.com"), (other_ana, ANA)):
        visitor.request_code(address)
        assert visitor.submit_code(visitor.code()).status_code == 302
    with use_business(acme):
        key = ClientSession.objects.get(client__name__startswith="Ana").pk

    for stranger in (bo, other_ana):
        assert stranger.browser.post(f"/sessions/{key}/end/").status_code == 404
        assert stranger.browser.post("/sessions/end-others/").status_code == 302
    assert ana.request_home_status() == 200


def test_ending_all_sessions_of_a_client_ends_none_at_another_business(acme, globex, same_name_clients, open_visitor):
    from portal.access import services

    acme_visitor, globex_visitor = open_visitor(acme), open_visitor(globex)
    for visitor in (acme_visitor, globex_visitor):
        visitor.request_code()
        visitor.submit_code(visitor.code())
    with use_business(acme):
        services.archive_client(client=same_name_clients[0], now=timezone.now())

    assert (acme_visitor.request_home_status(), globex_visitor.request_home_status()) == (302, 200)


def test_a_browser_known_at_one_business_is_unknown_at_another(acme, globex, same_name_clients, open_visitor):
    acme_visitor, globex_visitor = open_visitor(acme), open_visitor(globex)
    acme_visitor.request_code()
    acme_visitor.submit_code(acme_visitor.code())
    copy_cookies(acme_visitor, globex_visitor)
    globex_visitor.request_code()

    assert globex_visitor.challenge.is_recognised_browser is False


def test_a_client_of_another_business_can_not_be_chosen(acme, globex, open_visitor, count_sessions):
    for business in (acme, globex):
        with use_business(business):
            people = [ClientFactory(email="family@example.com") for _one in range(2)]
    acme_visitor, globex_visitor = open_visitor(acme), open_visitor(globex)
    acme_visitor.request_code("family@example.com")
    acme_visitor.submit_code(acme_visitor.code())
    copy_cookies(acme_visitor, globex_visitor)

    assert globex_visitor.browser.post("/sign-in/who/", {"client": str(people[0].pk)}).status_code == 409
    assert count_sessions(globex) == 0
