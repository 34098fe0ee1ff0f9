"""L26: strangers can send somebody few messages over the whole platform, and lock nobody out by it."""

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from portal.access.services.attempt_links import create_attempt_link
from portal.branding.models import PortalSettings
from portal.clients.models import Client, Contact
from portal.messaging.models import Message
from tenants.context import use_business
from tenants.models import DeliveryState, RecipientBudget
from tenants.provisioning import create_business
from tenants.staff.staff_actor import StaffActor
from tests.attacks.concurrent_tasks import run_concurrently
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory, create_member
from tests.portal.access.sign_in_steps import ANA, MOBILE, STRANGER

pytestmark = pytest.mark.slow

HOUR_SECONDS = 3600
RESEND_WAIT_SECONDS = 181
PER_HOUR, PER_DAY = 10, 20
# What one network, one block and all who did not wait may have sent in an hour.
PER_NETWORK, PER_BLOCK, WITHOUT_WAIT = 6, 8, 8
PER_NETWORK_AT_ONE_BUSINESS = 3
WITHHELD = "recipient-limit"
# The number of an advisory lock says whose address it is for.
NUMBER = re.compile(r" ?-?\d{9,}")


@pytest.fixture
def businesses(acme, globex):
    """Four businesses; Ana is a client of each, with the same mailbox and the same mobile number."""
    now = datetime.now(UTC)
    more = [
        create_business(name=slug.title(), slug=slug, owner_email=f"owner@{slug}.test", now=now)
        for slug in ("initech", "umbrella")
    ]
    for business in (four := [acme, globex, *more]):
        with use_business(business):
            ClientFactory(name="Ana Pereira", email=ANA, mobile=MOBILE)
            PortalSettings.objects.update(sms_countries=["GB"])
    return four


@pytest.fixture
def flood(businesses, open_visitor, no_wait, settings):
    """Return a function that asks for codes as often as each business allows, patiently, and counts those queued."""
    settings.SMS_PER_NEW_COUNTRY = 100  # one business is in another country than the number

    def flood(identifier: str = ANA, *, of=businesses, **environ) -> int:
        for business in of:
            for _ask in range(6):
                open_visitor(business, **environ).request_code_patiently(identifier)
        return sum(count_queued(business, identifier) for business in of)

    return flood


def count_queued(business, identifier):
    with use_business(business):
        return Message.objects.filter(to=identifier, state=DeliveryState.QUEUED).count()


def create_link(business):
    """Return what a link carries that staff create, with which Ana may start an attempt."""
    person = create_member(business, "staff").person
    with use_business(business):
        contact = Contact.objects.get(value=ANA)
        link, _expires_at = create_attempt_link(
            business=business,
            client=contact.client,
            contact=contact,
            staff=StaffActor(person.pk, person.name),
            now=datetime.now(UTC),
        )
    return link


def get_newest_reason(business):
    with use_business(business):
        return Message.objects.latest("created_at").reason


@pytest.mark.parametrize("identifier", [ANA, MOBILE], ids=["mails", "texts"])
def test_strangers_send_an_address_at_most_ten_messages_an_hour_over_four_businesses(flood, outbox, identifier):
    assert flood(identifier) == PER_HOUR

    outbox.deliver_due()
    assert len(outbox.sent(to=identifier)) == PER_HOUR


def test_strangers_send_an_address_at_most_twenty_mails_a_day_over_four_businesses(flood, advance_time, outbox):
    for _hour in range(5):
        flood()
        outbox.deliver_due()
        advance_time(HOUR_SECONDS + 1)

    assert len(outbox.sent(to=ANA)) == PER_DAY


def test_after_an_hour_and_after_a_day_there_is_room_again(flood, advance_time):
    sent = []
    for seconds in (HOUR_SECONDS + 1, HOUR_SECONDS + 1, 24 * HOUR_SECONDS):
        before = flood()
        advance_time(seconds)
        sent.append(before)

    assert [sent[0], *(later - earlier for earlier, later in pairwise(sent))] == [10, 10, 0]
    assert flood() == sent[-1] + PER_HOUR


def test_one_network_sends_no_more_than_its_share_over_four_businesses(flood):
    assert flood(REMOTE_ADDR="198.51.100.9") == PER_NETWORK


def test_the_owner_gets_a_code_at_once_after_a_flood_from_one_network(flood, businesses, open_visitor):
    flood(of=businesses[:3], REMOTE_ADDR="198.51.100.9")
    owner = open_visitor(businesses[3])
    owner.request_code()

    assert count_queued(businesses[3], ANA) == 1
    assert owner.submit_code(owner.code()).status_code == 302


def test_the_owner_gets_a_code_by_asking_again_after_a_flood_by_strangers_who_do_not_wait(
    businesses, open_visitor, advance_time
):
    for business in businesses[:3]:
        for _stranger in range(6):
            open_visitor(business).request_code()
    assert sum(count_queued(business, ANA) for business in businesses) == WITHOUT_WAIT
    owner = open_visitor(businesses[3])
    owner.request_code()
    assert count_queued(businesses[3], ANA) == 0

    advance_time(RESEND_WAIT_SECONDS)
    owner.resend()

    assert count_queued(businesses[3], ANA) == 1


def test_a_recognised_browser_gets_its_code_however_flooded_its_mailbox_is(flood, businesses, open_visitor):
    owner = open_visitor(businesses[3])
    owner.request_code()
    assert owner.submit_code(owner.code()).status_code == 302
    owner.browser.post("/sign-out/")
    flood(of=businesses[:3])

    before = count_queued(businesses[3], ANA)
    owner.request_code()

    assert count_queued(businesses[3], ANA) == before + 1


def test_a_link_from_staff_brings_a_code_however_flooded_the_mailbox_is(flood, businesses, open_visitor):
    flood(of=businesses[:3])
    owner = open_visitor(businesses[3])
    owner.request_code()
    assert count_queued(businesses[3], ANA) == 0

    link = create_link(businesses[3])

    assert owner.browser.post("/sign-in/start/", {"link": link}).status_code == 302
    assert count_queued(businesses[3], ANA) == 1


def test_codes_for_a_number_through_the_mailbox_beside_it_count_towards_the_number(flood, businesses):
    for business in businesses[:2]:
        with use_business(business):
            PortalSettings.objects.update(default_channel="sms")
    flood(ANA, of=businesses[:2])
    texts = sum(count_queued(business, MOBILE) for business in businesses)

    assert texts > 0
    assert texts + flood(MOBILE, of=businesses[2:]) == PER_HOUR


def test_tags_and_dots_make_no_other_mailbox(businesses, open_visitor, no_wait, outbox):
    spellings = ["vic.tim@gmail.com", "victim+a@gmail.com", "v.i.c.t.i.m+b@gmail.com", "victim@gmail.com"]
    for business, spelling in zip(businesses, spellings, strict=True):
        with use_business(business):
            ClientFactory(name="Victor", email=spelling)
        for _ask in range(6):
            open_visitor(business).request_code_patiently(spelling)
    outbox.deliver_due()

    assert len(outbox.sent()) == PER_HOUR


def describe_answers(open_visitor, business, identifier):
    """Return all that a stranger is shown who asks at one business, looks at the page and tries a code."""
    visitors = [open_visitor(business) for _ask in range(7)]
    answers = [visitor.request_code(identifier) for visitor in visitors]
    answers += [visitors[0].browser.get("/sign-in/code/"), visitors[0].submit_code("000000"), visitors[0].resend()]
    return [(one.status_code, "wait_token" in (one.context or {}), one.headers.get("Location")) for one in answers]


def test_a_stranger_can_not_tell_that_a_mailbox_is_flooded_elsewhere(flood, businesses, open_visitor):
    quiet = describe_answers(open_visitor, businesses[2], ANA)
    flood(of=businesses[:2])

    assert describe_answers(open_visitor, businesses[3], ANA) == quiet
    assert get_newest_reason(businesses[3]) == WITHHELD


def test_codes_for_an_address_that_nobody_has_there_count_alike(flood, businesses, open_visitor):
    """Or a business could tell by its own messages whether somebody is a client of another one."""
    for business in businesses[:3]:
        with use_business(business):
            Client.objects.all().delete()
    assert flood(of=businesses[:3]) == 0

    open_visitor(businesses[3]).request_code()

    assert get_newest_reason(businesses[3]) == WITHHELD


def test_known_and_unknown_addresses_take_the_same_statements_when_no_more_is_sent(flood, businesses, open_visitor):
    shapes = []
    for identifier in (ANA, STRANGER):
        flood(identifier, of=businesses[:3])
        visitor = open_visitor(businesses[3])
        visitor.browser.get("/sign-in/")
        with capture_statements() as captured:
            visitor.request_code(identifier)
        shapes.append([" ".join(NUMBER.sub("lock", statement).split()[:6]) for statement in captured.queries])

    assert shapes[0] == shapes[1]


def test_no_address_is_stored_in_the_public_schema(flood):
    flood()
    flood(STRANGER)

    rows = list(RecipientBudget.objects.values())
    assert "example" not in f"{rows}"
    assert {len(bytes(row["digest"])) for row in rows} == {32}


@pytest.mark.parametrize(
    ("network", "sent"),
    [({}, [5, PER_HOUR, PER_HOUR]), ({"REMOTE_ADDR": "198.51.100.9"}, [3, PER_NETWORK, PER_NETWORK])],
    ids=["many networks", "one network"],
)
def test_a_new_digest_key_refills_neither_a_budget_nor_a_share_of_it(
    flood, businesses, replace_digest_key, network, sent
):
    counts = []
    for step, asked in zip((lambda: None, *replace_digest_key()), (slice(1), slice(1, 3), slice(2, 4)), strict=True):
        step()
        flood(of=businesses[asked], **network)
        counts.append(sum(count_queued(business, ANA) for business in businesses))

    assert counts == sent


def test_a_new_digest_key_gives_one_network_no_second_share_at_one_business(
    businesses, open_visitor, no_wait, replace_digest_key
):
    network = {"REMOTE_ADDR": "198.51.100.9"}
    for step in (lambda: None, *replace_digest_key()):
        step()
        for _ask in range(2):
            open_visitor(businesses[0], **network).request_code_patiently()

    assert count_queued(businesses[0], ANA) == PER_NETWORK_AT_ONE_BUSINESS


def test_concurrent_requests_at_four_businesses_never_send_more_than_the_budget(
    committed_db, businesses, open_visitor, settings
):
    settings.LOGIN_SENDS_PER_HOUR = settings.LOGIN_SENDS_PER_DAY = 100
    settings.LOGIN_FAILURES_PER_HOUR = settings.LOGIN_FAILURES_PER_DAY = 200
    visitors = [open_visitor(business) for business in businesses for _ask in range(50)]

    answers = run_concurrently(lambda visitor: visitor.request_code().status_code, visitors)

    assert set(answers) == {302}
    assert sum(count_queued(business, ANA) for business in businesses) == WITHOUT_WAIT
