"""L31, L23: a link from staff starts an attempt past what strangers spent, works once, and signs nobody in."""

import json
import re
from collections import Counter
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.signing import b64_decode
from django.utils import timezone

from portal.access import services as access
from portal.access import token_cookies
from portal.access.models import Challenge
from portal.activity.models import Entry
from portal.clients.models import Contact
from portal.messaging.models import Message
from tenants import tokens
from tenants.context import use_business
from tenants.models import Membership, Person, Role
from tenants.provisioning import add_member
from tests.attacks.concurrent_tasks import run_concurrently
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE

pytestmark = pytest.mark.slow

START = "/sign-in/start/"
LINK_URL = re.compile(r'id="attempt-link-url"[^>]*>([^<]+)<')


@pytest.fixture
def create_link(acme, ana, staff_client):
    """Return a function that has staff create a link, and returns what it carries."""

    def create_link(value: str = ANA, role: str = "staff") -> str:
        with use_business(acme):
            contact = Contact.objects.get(client=ana, value=value)
        path = f"/console/acme/sign-in-help/clients/{ana.pk}/attempt-link/"
        page = staff_client(role).post(path, {"contact": str(contact.pk)})
        assert page.status_code == 200, page.status_code
        url = urlsplit(unescape(LINK_URL.search(page.content.decode())[1]))
        assert url.path == START
        return parse_qs(url.query)["link"][0]

    return create_link


def press_link_button(visitor, link):
    """Press the button of the link's page."""
    return visitor.browser.post(START, {"link": link})


def count_challenges(business):
    with use_business(business):
        return Challenge.objects.count()


def spend_everything(open_visitor, business):
    for _stranger in range(6):
        stranger = open_visitor(business)
        if stranger.request_code_patiently().status_code == 302:
            for code in stranger.wrong_codes()[:5]:
                stranger.submit_code(code)
    assert open_visitor(business).request_code_patiently().status_code == 429


def test_a_link_lets_the_owner_in_when_strangers_have_spent_everything(acme, ana, open_visitor, no_wait, create_link):
    spend_everything(open_visitor, acme)
    owner = open_visitor(acme)

    assert press_link_button(owner, create_link()).headers["Location"] == "/sign-in/code/"

    assert owner.challenge.destinations == [ANA]
    assert owner.submit_code(owner.wrong_codes()[0]).status_code == 422
    assert owner.submit_code(owner.code()).status_code == 302
    assert owner.request_home_status() == 200


def test_further_codes_of_an_attempt_by_link_are_sent_as_well(
    acme, ana, open_visitor, no_wait, create_link, advance_time
):
    spend_everything(open_visitor, acme)
    owner = open_visitor(acme)
    press_link_button(owner, create_link())
    advance_time(181)

    assert [owner.resend().status_code, owner.resend(channel="sms").status_code] == [302, 302]
    assert owner.challenge.destinations == [ANA, ANA, MOBILE]


def test_opening_a_link_uses_nothing_up(acme, open_visitor, create_link):
    link = create_link()

    for _time in range(20):
        for read in (open_visitor(acme).browser.get, open_visitor(acme).browser.head):
            assert read(START, {"link": link}).status_code == 200

    assert count_challenges(acme) == 0
    assert press_link_button(open_visitor(acme), link).status_code == 302


def test_a_link_signs_nobody_in_and_shows_no_address(acme, open_visitor, create_link):
    link, finder = create_link(), open_visitor(acme)

    page = finder.browser.get(START, {"link": link}).content.decode()
    press_link_button(finder, link)

    assert ANA not in page + link
    assert "session" not in finder.browser.cookies
    assert finder.request_home_status() == 302
    with use_business(acme):
        assert list(Message.objects.values_list("to", flat=True)) == [ANA]


def test_a_link_works_once(acme, open_visitor, create_link):
    link = create_link()

    assert [press_link_button(open_visitor(acme), link).status_code for _browser in range(3)] == [302, 410, 410]
    assert open_visitor(acme).browser.get(START, {"link": link}).status_code == 410
    assert count_challenges(acme) == 1


def test_who_has_read_a_link_has_no_part_in_the_attempt_of_who_followed_it(acme, open_visitor, create_link):
    link, client, reader = create_link(), open_visitor(acme), open_visitor(acme)
    press_link_button(client, link)

    for text in (link, *json.loads(b64_decode(link.partition(":")[0].encode()))):
        reader.browser.cookies[token_cookies.CHALLENGE] = str(text)
        reader.submit_code(client.wrong_codes()[0])
        reader.submit_code(client.code())

    assert reader.request_home_status() == 302
    assert client.challenge.failures == 0
    assert client.submit_code(client.code()).status_code == 302


def test_a_used_link_stays_used_when_the_key_of_digests_changes(acme, open_visitor, create_link, settings):
    link = create_link()
    press_link_button(open_visitor(acme), link)

    settings.DIGEST_KEYS = {"new": b"n" * 32} | settings.DIGEST_KEYS

    assert press_link_button(open_visitor(acme), link).status_code == 410


@pytest.mark.parametrize("change", ["removed", "made read-only", "deactivated"])
def test_a_link_ends_with_the_right_of_its_creator_to_send_one(acme, open_visitor, create_link, change):
    link, creator = create_link(), Membership.objects.filter(business=acme, role="staff")
    if change == "removed":
        creator.delete()
    elif change == "made read-only":
        creator.update(role="read-only")
    else:
        Person.objects.filter(memberships__in=creator).update(is_active=False)

    assert open_visitor(acme).browser.get(START, {"link": link}).status_code == 410
    assert press_link_button(open_visitor(acme), link).status_code == 410
    assert count_challenges(acme) == 0


def test_of_concurrent_browsers_with_one_link_one_starts(committed_db, acme, open_visitor, create_link):
    link = create_link()

    answers = run_concurrently(
        lambda visitor: press_link_button(visitor, link).status_code, [open_visitor(acme) for _one in range(20)]
    )

    assert Counter(answers) == {302: 1, 410: 19}


def test_a_link_expires_after_fifteen_minutes(acme, open_visitor, create_link, advance_time):
    link = create_link()
    advance_time(899)
    assert open_visitor(acme).browser.get(START, {"link": link}).status_code == 200
    advance_time(2)

    assert press_link_button(open_visitor(acme), link).status_code == 410
    assert count_challenges(acme) == 0


def test_forged_links_and_those_of_another_business_are_refused(acme, globex, open_visitor, create_link):
    link = create_link()
    forged = ["", "x", ":", "::", "\x00", "x" * 100_000, link[:-1], "A" + link, tokens.generate_token()]

    assert {press_link_button(open_visitor(acme), text).status_code for text in forged} == {410}
    assert {open_visitor(acme).browser.get(START, {"link": text}).status_code for text in forged} == {410}
    assert press_link_button(open_visitor(globex), link).status_code == 410
    assert count_challenges(acme) == count_challenges(globex) == 0


def test_a_link_is_refused_at_another_business_where_all_that_it_names_exists(
    acme, globex, ana, open_visitor, create_link
):
    """Its creator works at both, and one is a copy of the other."""
    link, person = create_link(), Membership.objects.get(business=acme, role="staff").person
    add_member(business=globex, email=person.email, role=Role.STAFF, now=timezone.now(), areas=())
    with use_business(acme):
        key = Contact.objects.get(client=ana, value=ANA).pk
    with use_business(globex):
        Contact.objects.filter(client=ClientFactory(email=ANA)).update(id=key)

    assert press_link_button(open_visitor(globex), link).status_code == 410
    assert press_link_button(open_visitor(acme), link).status_code == 302


@pytest.mark.parametrize("change", ["archived", "sign-in disallowed", "address removed"])
def test_a_link_ends_with_the_address_it_is_for(acme, ana, open_visitor, create_link, change):
    link = create_link()
    with use_business(acme):
        contact = Contact.objects.filter(client=ana, value=ANA)
        if change == "archived":
            access.archive_client(client=ana, now=timezone.now())
        elif change == "address removed":
            contact.delete()
        else:
            contact.update(may_sign_in=False)

    assert press_link_button(open_visitor(acme), link).status_code == 410
    assert count_challenges(acme) == 0


def test_links_send_an_address_five_codes_an_hour_and_take_none_from_the_sign_in_page(
    acme, ana, open_visitor, create_link
):
    answers = [press_link_button(open_visitor(acme), create_link()) for _link in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert open_visitor(acme).request_code().status_code == 302


def test_a_link_is_on_the_timeline_with_who_created_it_and_is_stored_nowhere(acme, ana, create_link):
    link = create_link()

    with use_business(acme):
        entry = Entry.objects.get(event_type="access.attempt-link-created")
        stored = f"{list(Entry.objects.values())}"
    assert (entry.client_id, entry.actor, entry.actor_name) == (ana.pk, "staff", "Staff of Acme")
    assert link not in stored


def test_no_link_is_created_for_an_address_of_another_client(acme, ana, staff_client):
    with use_business(acme):
        other = ClientFactory(name="Bo Lind", email="bo@example.com").contacts.get()
    path = f"/console/acme/sign-in-help/clients/{ana.pk}/attempt-link/"

    for contact in (str(other.pk), "", "x"):
        answer = staff_client("staff").post(path, {"contact": contact})
        assert answer.headers["Location"] == f"/console/acme/sign-in-help/clients/{ana.pk}/", contact

    with use_business(acme):
        assert not Entry.objects.filter(event_type="access.attempt-link-created").exists()


def test_read_only_staff_create_no_link(acme, ana, staff_client):
    path = f"/console/acme/sign-in-help/clients/{ana.pk}/attempt-link/"

    assert staff_client("read-only").post(path, {"contact": ""}).status_code == 403
