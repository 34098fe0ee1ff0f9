"""L26: a business sends somebody few messages, and delays no other one's; staff codes count with those of portals."""

from collections import Counter
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from portal.access import services as access
from portal.clients.identifiers import parse_email
from portal.clients.models import Client, Contact, ContactSource
from portal.messaging.kinds import JobNotification
from portal.messaging.message_templates.services import send_sample
from portal.messaging.models import Message
from portal.messaging.notifications.services import notify_staff
from portal.team.services import invite_member
from tenants.context import use_business
from tenants.models import Delivery, DeliveryState, Role
from tenants.provisioning import create_business
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory, create_member
from tests.portal.scheduling import scheduling_rows as rows
from workers.actors.delivery_jobs import RECIPIENT_BUSY

pytestmark = pytest.mark.slow

STAFF_SIGN_IN, STAFF_CODE = "/staff/sign-in/", "/staff/sign-in/code/"
HOUR_SECONDS = 3600
BYSTANDER = "bystander@example.org"
# What strangers may have sent to an address in an hour, and what one network may, or one business write.
PER_HOUR, SHARE = 10, 6


def invite_cards(business, number, *, now):
    """Have a rogue business put a bystander on its list many times, and invite each card."""
    with use_business(business):
        cards = [ClientFactory(name=f"Card {number}", email=BYSTANDER) for number in range(number)]
        member = create_member(business, "owner").person
        access.invite_clients(clients=cards, staff=StaffActor(member.pk, member.name), now=now)


def count_sent(outbox, to):
    outbox.deliver_due()
    return len(outbox.sent(to=to))


def test_a_business_sends_one_mailbox_no_more_than_its_share_and_the_rest_later(acme, outbox, advance_time, now):
    invite_cards(acme, 9, now=now)

    assert count_sent(outbox, BYSTANDER) == SHARE
    waiting = Delivery.objects.filter(state=DeliveryState.QUEUED)
    assert {delivery.reason for delivery in waiting} == {RECIPIENT_BUSY}
    advance_time(HOUR_SECONDS + 1)
    assert count_sent(outbox, BYSTANDER) == 9


def test_a_business_sends_no_more_by_adding_tags_to_the_address(acme, outbox, now):
    with use_business(acme):
        cards = [ClientFactory(name=f"Card {tag}", email=f"bystander+{tag}@example.org") for tag in range(9)]
        member = create_member(acme, "owner").person
        access.invite_clients(clients=cards, staff=StaffActor(member.pk, member.name), now=now)
    outbox.deliver_due()

    assert len(outbox.sent()) == SHARE


def count_reported_recipients():
    return REGISTRY.get_sample_value("portico_busy_recipients_total")


def test_operators_are_told_when_businesses_together_send_one_mailbox_many_notices(acme, globex, outbox, now, caplog):
    reported = count_reported_recipients()
    invite_cards(acme, SHARE, now=now)
    invite_cards(globex, PER_HOUR - SHARE, now=now)
    assert (count_sent(outbox, BYSTANDER), count_reported_recipients()) == (PER_HOUR, reported)

    invite_cards(globex, 1, now=now)

    assert (count_sent(outbox, BYSTANDER), count_reported_recipients()) == (PER_HOUR + 1, reported + 1)
    assert BYSTANDER not in caplog.text


@pytest.mark.parametrize("is_client_elsewhere", [False, True])
def test_businesses_can_not_tell_by_their_invitations_whether_somebody_is_a_client_elsewhere(
    acme, globex, outbox, now, is_client_elsewhere
):
    if is_client_elsewhere:
        third = create_business(name="Initech", slug="initech", owner_email="owner@initech.test", now=now)
        invite_cards(third, 1, now=now)
        outbox.deliver_due()
    for business in (acme, globex):
        invite_cards(business, 7, now=now)
        outbox.deliver_due()

    for business in (acme, globex):
        with use_business(business):
            outcomes = Counter(Message.objects.filter(to=BYSTANDER).values_list("state", "reason"))
        assert outcomes == {(DeliveryState.ACCEPTED, ""): SHARE, (DeliveryState.QUEUED, RECIPIENT_BUSY): 1}


def test_a_new_digest_key_gives_a_business_no_second_share(acme, outbox, replace_digest_key, now):
    sent = []
    for step in (lambda: None, *replace_digest_key()):
        step()
        invite_cards(acme, 4, now=now)
        sent.append(count_sent(outbox, BYSTANDER))

    assert sent == [4, SHARE, SHARE]


def test_a_notice_is_sent_at_once_however_many_two_other_businesses_send(acme, globex, outbox, now, advance_time):
    third = create_business(name="Initech", slug="initech", owner_email="owner@initech.test", now=now)
    for business in (globex, third):
        invite_cards(business, 15, now=now)
    outbox.deliver_due()
    advance_time(HOUR_SECONDS + 1)
    before = count_sent(outbox, BYSTANDER)

    invite_cards(acme, 1, now=datetime.now(UTC))

    assert (before, count_sent(outbox, BYSTANDER)) == (4 * SHARE, before + 1)


def test_invitations_to_teams_and_to_portals_count_together(globex, outbox, now):
    owner = create_member(globex, "owner")
    with use_business(globex):
        actor = StaffActor(owner.person_id, owner.person.name)
        more = {"staff": actor, "role": Role.STAFF, "areas": [], "now": now}
        invite_member(by=owner, email=BYSTANDER, **more)
    invite_cards(globex, 9, now=now)

    assert count_sent(outbox, BYSTANDER) == SHARE


def test_a_warning_arrives_however_much_other_businesses_have_sent(acme, globex, outbox, now):
    invite_cards(globex, 14, now=now)
    with use_business(globex):
        for card in Client.objects.all():
            access.archive_client(client=card, staff=StaffActor(card.pk, "Mallory"), now=now)
    count_sent(outbox, BYSTANDER)
    with use_business(acme):
        client = ClientFactory(name="Real Client", email=BYSTANDER)
        access.change_contact(
            client=client,
            old=Contact.objects.get(),
            new=parse_email("thief@example.org"),
            source=ContactSource.CLIENT,
            now=now,
        )

    assert count_sent(outbox, "thief@example.org") == 1
    with use_business(acme):
        [warning] = Message.objects.filter(to=BYSTANDER)
    assert warning.state == DeliveryState.ACCEPTED


def test_a_business_warns_one_mailbox_ten_times_an_hour(acme, outbox, now):
    with use_business(acme):
        for number in range(14):
            card = ClientFactory(name=f"Card {number}", email=BYSTANDER)
            access.archive_client(client=card, staff=StaffActor(card.pk, "Mallory"), now=now)

    assert count_sent(outbox, BYSTANDER) == PER_HOUR


def test_notices_take_nothing_from_codes(acme, outbox, open_visitor, now):
    invite_cards(acme, 9, now=now)
    count_sent(outbox, BYSTANDER)

    owner = open_visitor(acme)
    owner.request_code(BYSTANDER)

    assert count_sent(outbox, BYSTANDER) == SHARE + 1
    assert outbox.code(BYSTANDER) == owner.code()


def test_notifications_of_staff_are_not_held_back(acme, outbox, now):
    with use_business(acme):
        for _upload in range(PER_HOUR + 3):
            notify_staff(JobNotification.STOPPED, subject="a list", url_name="uploads", subject_id=uuid4(), now=now)

    assert count_sent(outbox, "owner@acme.test") == PER_HOUR + 3


def test_samples_of_a_template_are_not_held_back(acme, outbox, now):
    with use_business(acme):
        for _sample in range(PER_HOUR + 3):
            send_sample(kind="invitation", language="en", to="owner@acme.test", now=now)

    assert count_sent(outbox, "owner@acme.test") == PER_HOUR + 3


@pytest.fixture
def sam(acme, outbox):
    """Sam, who works at Acme and is a client of Globex."""
    return create_member(acme, "staff").person


def flood_portals(businesses, open_visitor, identifier):
    for business in businesses:
        for _ask in range(6):
            open_visitor(business).request_code_patiently(identifier)


def test_codes_of_portals_take_none_of_staff(sam, acme, globex, open_visitor, platform_client, outbox, no_wait):
    for business in (acme, globex):
        with use_business(business):
            ClientFactory(name="Sam", email=sam.email)
    flood_portals((acme, globex), open_visitor, sam.email)
    before = count_sent(outbox, sam.email)

    platform_client().post(STAFF_SIGN_IN, {"email": sam.email})

    assert count_sent(outbox, sam.email) == before + 1


def test_a_new_digest_key_gives_one_network_no_second_share_at_the_sign_in_of_staff(
    sam, platform_client, outbox, no_wait, replace_digest_key
):
    sent = []
    for step in (lambda: None, *replace_digest_key()):
        step()
        for _ask in range(4):
            platform_client(REMOTE_ADDR="198.51.100.9").post(STAFF_SIGN_IN, {"email": sam.email})
        sent.append(count_sent(outbox, sam.email))

    assert sent == [4, SHARE, SHARE]


def test_codes_of_staff_take_none_of_portals(sam, acme, open_visitor, platform_client, outbox):
    for network in range(8):
        platform_client(REMOTE_ADDR=f"10.1.{network}.1").post(STAFF_SIGN_IN, {"email": sam.email})
    with use_business(acme):
        ClientFactory(name="Sam", email=sam.email)
    before = count_sent(outbox, sam.email)

    open_visitor(acme).request_code(sam.email)

    assert count_sent(outbox, sam.email) == before + 1


def test_a_resend_replaces_no_code_by_one_that_portals_keep_from_being_sent(
    sam, acme, globex, open_visitor, platform_client, outbox, no_wait
):
    browser = platform_client()
    browser.post(STAFF_SIGN_IN, {"email": sam.email})
    flood_portals((acme, globex), open_visitor, sam.email)
    before = count_sent(outbox, sam.email)

    assert browser.post(STAFF_CODE, {"action": "resend"}).status_code == 302

    assert count_sent(outbox, sam.email) == before + 1
    assert browser.post(STAFF_CODE, {"code": outbox.code(sam.email)}).headers["Location"] == "/console/"


def test_a_known_browser_of_staff_gets_its_code_however_flooded_the_mailbox_is(
    sam, acme, globex, open_visitor, platform_client, outbox, no_wait
):
    browser = platform_client()
    browser.post(STAFF_SIGN_IN, {"email": sam.email})
    outbox.deliver_due()
    assert browser.post(STAFF_CODE, {"code": outbox.code(sam.email)}).status_code == 302
    browser.post("/staff/sign-out/")
    flood_portals((acme, globex), open_visitor, sam.email)

    before = count_sent(outbox, sam.email)
    browser.post(STAFF_SIGN_IN, {"email": sam.email})

    assert count_sent(outbox, sam.email) == before + 1


def book_in_the_name_of_a_bystander(business, times, *, now):
    """Have strangers book times of a service with a bystander's address."""
    with use_business(business):
        service = rows.create_service(rows.create_calendar(), capacity=times)
        for _seat in range(times):
            rows.book(rows.build_query(service), rows.at(10), email=BYSTANDER, now=now)


def test_strangers_who_book_in_somebody_s_name_delay_nothing_that_a_business_sends(acme, globex, outbox, time_machine):
    time_machine.move_to(rows.NOW)
    for business in (acme, globex):
        book_in_the_name_of_a_bystander(business, 7, now=rows.NOW)

    assert count_sent(outbox, BYSTANDER) == PER_HOUR
    invite_cards(acme, 1, now=rows.NOW)
    assert count_sent(outbox, BYSTANDER) == PER_HOUR + 1
