"""P8, U1, L14: holding all times, asking who is a client, and booking in somebody else's name gain nothing."""

import re

import pytest
from cachetools import TTLCache
from django.test import Client as Browser

from portal.access import services as access
from portal.scheduling.models import AppointmentState
from tenants import hostnames
from tenants.context import use_business
from tests.attacks.concurrent_tasks import run_concurrently
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA
from tests.portal.intake.booking.booking_steps import (
    NORA,
    add_service,
    hold_and_fill_in,
    hold_time,
    list_appointments,
    match_appointments,
)
from tests.portal.scheduling.scheduling_rows import NOW

TOKEN = re.compile(r"[A-Za-z0-9_:.=-]{30,}")
SAME_NETWORK = {"REMOTE_ADDR": "192.0.2.7"}
SAME_BLOCK = {"REMOTE_ADDR": "192.0.2.8"}


@pytest.fixture(autouse=True)
def advance_clock(time_machine):
    """Let it be a Monday morning; return a function that advances the clock."""
    time_machine.move_to(NOW, tick=False)
    return time_machine.shift


def test_a_block_of_networks_holds_five_times_and_is_told_when_to_try_again(acme, open_visitor, advance_clock):
    service = add_service(acme, "Mona", "Ravi", "Tom", capacity=20)
    holders = [open_visitor(acme, **network) for network in (SAME_NETWORK, SAME_BLOCK) * 3]

    answers = [hold_time(visitor.browser, service) for visitor in holders]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "600"
    assert "try again after 09:10" in answers[-1].content.decode()
    assert hold_time(open_visitor(acme, REMOTE_ADDR="198.51.100.9").browser, service).status_code == 302
    advance_clock(601)
    assert hold_time(open_visitor(acme, **SAME_NETWORK).browser, service, at=4).status_code == 302


def test_a_booked_time_is_no_hold_any_more(acme, open_visitor, advance_clock):
    service = add_service(acme, capacity=20)
    for _booking in range(6):
        _path, answer = hold_and_fill_in(open_visitor(acme, **SAME_NETWORK).browser, service, advance_clock)
        assert answer.status_code == 302


def test_the_limits_of_a_network_count_bookings_and_holds(acme, open_visitor, advance_clock, settings):
    settings.BOOKINGS_PER_IP, settings.BOOKING_HOLDS_PER_IP = "1/10 minutes", "2/10 minutes"
    service, browser = add_service(acme, capacity=20), open_visitor(acme, **SAME_NETWORK).browser

    statuses = [hold_and_fill_in(browser, service, advance_clock)[1].status_code for _booking in range(2)]

    assert statuses == [302, 429]
    assert hold_time(browser, service).status_code == 429


def test_the_limit_of_a_business_holds_across_networks_and_keeps_what_was_typed(
    acme, open_visitor, advance_clock, settings
):
    settings.BOOKINGS_PER_BUSINESS = "2/hour"
    service = add_service(acme, capacity=20)

    answers = [hold_and_fill_in(open_visitor(acme).browser, service, advance_clock)[1] for _booking in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 429, 429]
    assert "Nora Neu" in answers[-1].content.decode()
    assert [row.state for row in list_appointments(acme)] == ["confirmed", "confirmed", "held", "held"]


@pytest.fixture
def addresses(acme, globex, ana, now):
    """Everyone in whose name a stranger might book."""
    with use_business(acme):
        access.block_client(client=ClientFactory(email="ana.blocked@example.com"), now=now)
        for _one in range(2):
            ClientFactory(email="ana.shared@example.com")
    with use_business(globex):
        ClientFactory(email="ana.elsewhere@example.com")
    return [ANA, *(f"ana.{name}@example.com" for name in ("blocked", "shared", "elsewhere", "unknown"))]


@pytest.mark.parametrize("acceptance", ["automatic", "new", "by-hand"])
def test_known_and_unknown_addresses_get_the_same_answers(
    acme, addresses, open_visitor, advance_clock, settings, monkeypatch, acceptance
):
    settings.HOST_CACHE_SECONDS = 600
    monkeypatch.setattr(hostnames, "known_hosts", TTLCache(10, settings.HOST_CACHE_SECONDS))
    service, seen = add_service(acme, capacity=20, acceptance=acceptance), {}
    # The first booking fills caches.
    for address in ("first@example.com", *addresses):
        browser = open_visitor(acme).browser
        path = hold_time(browser, service).headers["Location"]
        advance_clock(10)
        with capture_statements() as sent:
            answer = browser.post(path, NORA | {"email": address})
        shapes = [" ".join(statement.split()[:6]) for statement in sent.queries]
        before = TOKEN.sub("", browser.get(path).content.decode())
        match_appointments(acme)
        after = TOKEN.sub("", browser.get(path).content.decode())
        file = re.findall(rb"(?:DTSTART|SEQUENCE|STATUS)[^\r]*", browser.get(f"{path}calendar/").content)
        seen[address] = answer.status_code, sorted(answer.cookies), shapes, before, after, file

    assert seen[ANA][0] == 302
    assert seen[ANA][3] == seen[ANA][4]
    assert {address for address, look in seen.items() if look != seen[addresses[-1]]} <= {"first@example.com"}


def test_no_client_is_looked_up_within_the_request(acme, ana, open_visitor, advance_clock):
    browser = open_visitor(acme).browser
    path = hold_time(browser, add_service(acme)).headers["Location"]
    advance_clock(10)
    with capture_statements() as sent:
        browser.post(path, NORA | {"email": ANA})

    assert "clients_contact" not in " ".join(sent.queries)


def test_booking_signs_nobody_in_and_changes_no_card(acme, ana, open_visitor, advance_clock):
    visitor = open_visitor(acme)
    before = ana.name, ana.updated_at

    hold_and_fill_in(visitor.browser, add_service(acme), advance_clock, email=ANA, name="Mallory")
    match_appointments(acme)

    assert set(visitor.browser.cookies) <= {"csrf"}
    assert visitor.request_home_status() == 302
    with use_business(acme):
        ana.refresh_from_db()
        assert (ana.name, ana.updated_at) == before
        assert ana.suggestions.get().value == "Mallory"


def test_a_form_of_another_site_holds_and_books_nothing(acme, advance_clock):
    browser = Browser(headers={"host": "acme.localhost"}, enforce_csrf_checks=True)
    service, origin = add_service(acme), {"origin": "https://evil.example"}

    assert hold_time(browser, service).status_code == 403
    for prefix in ("/book/", "/embed/booking/"):
        path = f"{prefix}{service.pk}/holds/"
        assert browser.post(path, {"starts_at": "2027-01-11T08:00:00Z"}, headers=origin).status_code == 403
    assert list_appointments(acme) == []


def test_the_token_of_another_business_holds_nothing(acme, globex, open_visitor):
    service, other = add_service(acme), add_service(globex)
    page = open_visitor(globex).browser.get(f"/book/{other.pk}/").content.decode()
    form_token = re.search(r'name="form_token" value="([^"]+)"', page)[1]

    assert hold_time(open_visitor(acme).browser, service, form_token=form_token).status_code == 422


def test_what_is_typed_is_escaped(acme, open_visitor, advance_clock):
    evil = "<script>alert(1)</script>"
    browser = open_visitor(acme).browser
    path = hold_time(browser, add_service(acme, name=evil, description=evil)).headers["Location"]
    page = browser.post(path, NORA | {"name": evil, "note": evil}).content.decode()

    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;") >= 3


def test_eight_sends_at_once_are_one_booking(committed_db, acme, open_visitor, settings, time_machine):
    settings.BOOKINGS_PER_IP = "100/minute"
    service = add_service(acme)
    path = hold_time(open_visitor(acme).browser, service).headers["Location"]
    time_machine.shift(10)

    statuses = run_concurrently(
        lambda visitor: visitor.browser.post(path, NORA).status_code, [open_visitor(acme) for _send in range(8)]
    )

    assert set(statuses) == {302}
    assert [row.state for row in list_appointments(acme)] == [AppointmentState.CONFIRMED]


def test_twenty_holds_of_one_network_at_once_are_five(committed_db, acme, open_visitor):
    services = [add_service(acme, f"Mona {number}", name=f"Massage {number}", capacity=20) for number in range(4)]
    pages = [(open_visitor(acme, **SAME_NETWORK).browser, service) for service in services * 5]

    statuses = run_concurrently(lambda page: hold_time(*page).status_code, pages)

    assert sorted(statuses) == [302] * 5 + [429] * 15
    assert len(list_appointments(acme)) == 5


def test_a_network_looks_at_free_times_so_often_only(acme, open_visitor, settings):
    settings.BOOKING_TIMES_PER_IP = "2/minute"
    service, browser = add_service(acme), open_visitor(acme, **SAME_NETWORK).browser

    statuses = [browser.get(f"/book/{service.pk}/").status_code for _look in range(3)]

    assert statuses == [200, 200, 429]
