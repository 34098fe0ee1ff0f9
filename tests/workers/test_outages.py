"""W8: do staff see that codes don't go out, once, and that they do again?"""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from portal.messaging.models import Message, Notification, NotificationKind, NotificationPreference
from portal.messaging.notifications import services as notifications
from tenants import outages
from tenants.context import use_business
from tenants.models import Channel, Delivery, DeliveryState, Outage, Queue
from tests.concurrency import run_blocked
from tests.factories import ClientFactory, create_member
from workers.outages import update_outages
from workers.sweeper import Sweeper

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def code(acme, now):
    """Return a function that owes a code, or has had its last word."""

    def code(state=DeliveryState.QUEUED, *, business=acme, at=now, settled=None, **facts) -> Delivery:
        facts = {"queue": Queue.CODES, "channel": Channel.SMS} | facts
        deadline = {"created_at": at, "due_at": at, "deadline_at": at + 10 * MINUTE}
        return Delivery.objects.create(
            business=business, message_id=uuid.uuid4(), state=state, completed_at=settled, **deadline, **facts
        )

    return code


@pytest.fixture
def told(acme):
    """Return a function that lists what each member of the staff was told of outages, the newest first."""

    def told(business=acme) -> list[str]:
        with use_business(business):
            lines = Notification.objects.filter(kind=NotificationKind.OUTAGE).order_by("-at", "pk")
            return [line.subject for line in lines]

    return told


def on(business) -> set[str]:
    return {outage.channel for outage in outages.list_ongoing(business)}


def test_a_code_that_waits_for_a_minute_is_an_outage_from_when_it_was_asked_for(acme, code, now):
    code()

    update_outages(now=now + MINUTE - SECOND)
    assert on(acme) == set()
    update_outages(now=now + MINUTE)
    [outage] = outages.list_ongoing(acme)
    assert (outage.channel, outage.started_at) == ("sms", now)


def test_staff_who_may_help_are_told_once_and_in_their_words(acme, code, told, now):
    acme.language = "de"
    acme.save(update_fields=["language"])
    code()

    for seconds in (60, 70, 80):
        update_outages(now=now + seconds * SECOND)

    [word] = told()
    assert word.startswith("SMS-Codes verspäten sich seit ")


def test_of_two_sweepers_that_see_it_at_once_one_tells(committed_db, acme, code, told, now):
    code()
    with run_blocked(partial(update_outages, now=now + MINUTE)) as other:
        update_outages(now=now + MINUTE)

    assert other == [None]
    assert (len(told()), on(acme)) == (1, {"sms"})


def test_a_sweeper_whose_clock_is_behind_ends_no_outage_that_another_saw_begin(acme, code, told, now):
    code()
    update_outages(now=now + MINUTE)
    for seconds in (55, 65, 75):
        update_outages(now=now + seconds * SECOND)

    assert (len(told()), on(acme), Outage.objects.count()) == (1, {"sms"}, 1)


def test_a_sweeper_whose_clock_is_behind_begins_no_outage_that_another_ended(acme, code, told, now, settings):
    code(DeliveryState.EXPIRED, settled=now + 10 * MINUTE)
    update_outages(now=now + MINUTE)
    for seconds in (0, -5):
        update_outages(now=now + settings.OUTAGE_LOOKBACK + seconds * SECOND)

    assert (len(told()), on(acme)) == (1, set())


def test_codes_that_were_asked_for_since_begin_the_next_outage_at_once(acme, code, now, settings):
    code(DeliveryState.EXPIRED, settled=now + 10 * MINUTE)
    update_outages(now=now + MINUTE)
    code(at=now + settings.OUTAGE_LOOKBACK - 30 * SECOND)
    update_outages(now=now + settings.OUTAGE_LOOKBACK)
    update_outages(now=now + settings.OUTAGE_LOOKBACK + MINUTE)

    assert on(acme) == {"sms"}


def test_only_the_business_whose_codes_wait_is_told(acme, globex, code, told, now):
    code()
    update_outages(now=now + MINUTE)

    assert (on(globex), told(globex)) == (set(), [])


def test_a_business_that_can_not_be_told_keeps_no_other_from_being_told(acme, globex, code, told, now):
    code()
    code(business=globex)
    with use_business(globex), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE messaging_notification RENAME TO messaging_notification_gone")
    update_outages(now=now + MINUTE)

    assert (len(told()), on(acme), on(globex)) == (1, {"sms"}, set())


@pytest.mark.parametrize(
    ("state", "facts"),
    [
        (DeliveryState.VOID, {}),
        (DeliveryState.FAILED, {"reason": "invalid-number"}),
        (DeliveryState.QUEUED, {"reason": "broken"}),
        (DeliveryState.EXPIRED, {"reason": "withdrawn"}),
        (DeliveryState.QUEUED, {"queue": Queue.NOTICES}),
    ],
)
def test_what_says_nothing_of_the_way_is_no_outage(acme, code, now, state, facts):
    code(state, settled=now if state > DeliveryState.UNCLEAR else None, **facts)
    update_outages(now=now + 2 * MINUTE)

    assert on(acme) == set()


@pytest.mark.parametrize("state", [DeliveryState.UNCLEAR, DeliveryState.EXPIRED])
def test_codes_that_never_got_an_answer_speak_of_one(acme, code, now, state):
    code(state, settled=now + SECOND)
    update_outages(now=now + MINUTE)

    assert on(acme) == {"sms"}


def test_one_code_that_waits_while_others_go_out_is_no_outage(acme, globex, code, now):
    code()
    code(DeliveryState.DELIVERED, business=globex, settled=now + 30 * SECOND)
    update_outages(now=now + 2 * MINUTE)

    assert on(acme) == set()


def test_a_channel_that_works_does_not_hide_the_one_that_does_not(acme, code, now):
    code()
    code(DeliveryState.DELIVERED, channel=Channel.EMAIL, settled=now + 30 * SECOND)
    update_outages(now=now + MINUTE)

    assert on(acme) == {"sms"}


def test_it_is_over_with_the_first_code_that_is_taken_and_the_unread_line_says_so(acme, code, told, now):
    code()
    update_outages(now=now + MINUTE)
    code(DeliveryState.ACCEPTED, at=now + 2 * MINUTE, settled=now + 3 * MINUTE)
    update_outages(now=now + 3 * MINUTE)

    assert on(acme) == set()
    [word] = told()
    assert word.startswith("Codes by text message go out again since")


def test_who_read_of_it_is_told_anew_that_it_is_over(acme, code, told, now):
    code()
    update_outages(now=now + MINUTE)
    with use_business(acme):
        notifications.mark_read(Notification.objects.all(), now=now)
    code(DeliveryState.ACCEPTED, settled=now + 3 * MINUTE)
    update_outages(now=now + 3 * MINUTE)
    update_outages(now=now + 4 * MINUTE)

    assert [word.split(" since")[0] for word in told()] == [
        "Codes by text message go out again",
        "Codes by text message are delayed",
    ]


def test_when_nobody_asks_any_more_it_is_forgotten_and_nobody_says_that_codes_go_out(acme, code, told, now, settings):
    code(DeliveryState.EXPIRED, settled=now + 10 * MINUTE)
    update_outages(now=now + MINUTE)
    update_outages(now=now + settings.OUTAGE_LOOKBACK)

    assert on(acme) == set()
    assert [word.split(" since")[0] for word in told()] == ["Codes by text message are delayed"]


def test_the_next_outage_is_told_of_again(acme, code, told, now):
    code()
    update_outages(now=now + MINUTE)
    code(DeliveryState.ACCEPTED, settled=now + 2 * MINUTE)
    update_outages(now=now + 3 * MINUTE)
    code(at=now + 4 * MINUTE)
    update_outages(now=now + 5 * MINUTE)

    assert (len(told()), on(acme)) == (2, {"sms"})


def test_it_is_mailed_to_those_who_want_that_and_not_when_it_is_over(acme, code, now):
    owner = create_member(acme, "owner")
    with use_business(acme):
        notifications.save_preferences(
            membership=owner, preferences={NotificationKind.OUTAGE: NotificationPreference.Method.MAIL}
        )
    code()
    update_outages(now=now + MINUTE)

    with use_business(acme):
        [mail] = Message.objects.all()
        assert mail.to == owner.person.email
        assert notifications.build_mail_context(mail)["what"] == "Codes are delayed"
    code(DeliveryState.ACCEPTED, settled=now + 2 * MINUTE)
    update_outages(now=now + 2 * MINUTE)
    with use_business(acme):
        assert notifications.build_mail_context(mail) is None


def test_the_sweeper_looks_every_ten_seconds(acme, code, now):
    clock = iter([now, *[now + (58 + 2 * step) * SECOND for step in range(20)]])
    code(at=now - MINUTE)
    times = []
    broom = Sweeper(clock=lambda: times.append(next(clock)) or times[-1])

    broom._check_for_outages()
    assert on(acme) == {"sms"}
    Outage.objects.all().delete()
    for _round in range(4):
        broom._check_for_outages()
    assert on(acme) == set()
    broom._check_for_outages()
    assert on(acme) == {"sms"}


@pytest.mark.parametrize("path", ["", "sign-in-help/", "sign-in-help/clients/{pk}/"])
def test_the_pages_say_it_while_it_lasts(acme, staff_client, code, now, path):
    with use_business(acme):
        client = ClientFactory(email="ana@example.com")
    browser, page = staff_client("staff"), "/console/acme/" + path.format(pk=client.pk)
    assert "Codes by text message are delayed" not in browser.get(page).content.decode()

    code()
    update_outages(now=now + MINUTE)
    text = browser.get(page).content.decode()
    assert "Codes by text message are delayed" in text
    assert "can ask for their code by email meanwhile" in text


def test_an_open_page_learns_that_it_began_and_that_it_is_over(acme, staff_client, code, now):
    with use_business(acme):
        client = ClientFactory(email="ana@example.com")
    browser, live = staff_client("staff"), f"/console/acme/sign-in-help/clients/{client.pk}/live/"
    code()
    code(channel=Channel.EMAIL)
    update_outages(now=now + MINUTE)
    text = browser.get(live).content.decode()
    mark = text.split("?seen=")[1].split('"')[0]

    assert "An owner can hand a code over in person" in text
    assert browser.get(live, {"seen": mark}).status_code == 204
    Outage.objects.filter(channel=Channel.SMS).update(ended_at=now)
    text = browser.get(live, {"seen": mark}).content.decode()
    assert "Codes by email are delayed" in text
    assert "Codes by text message are delayed" not in text
