"""W8: staff learn once of an outage of codes, and of its end."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from portal.messaging.models import Message, Notification, NotificationMethod
from portal.messaging.notifications import services as notifications
from portal.signin_support.kinds import SupportNotification
from tenants import delivery_outages
from tenants.context import use_business
from tenants.models import Channel, Delivery, DeliveryState, Outage, Queue
from tests.factories import ClientFactory, create_member
from tests.lock_contention import run_blocked
from workers.outage_updates import update_outages
from workers.sweeper import Sweeper

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def create_code_delivery(acme, now):
    """Return a function that creates a pending or completed code delivery."""

    def create_code_delivery(
        state=DeliveryState.QUEUED, *, business=acme, at=now, completed_at=None, **fields
    ) -> Delivery:
        fields = {"queue": Queue.CODES, "channel": Channel.SMS} | fields
        deadline = {"created_at": at, "due_at": at, "deadline_at": at + 10 * MINUTE}
        return Delivery.objects.create(
            business=business, message_id=uuid.uuid4(), state=state, completed_at=completed_at, **deadline, **fields
        )

    return create_code_delivery


@pytest.fixture
def list_outage_subjects(acme):
    """Return a function that lists the subjects of outage notifications, the newest first."""

    def list_outage_subjects(business=acme) -> list[str]:
        with use_business(business):
            notifications = Notification.objects.filter(kind=SupportNotification.OUTAGE).order_by("-at", "pk")
            return [notification.subject for notification in notifications]

    return list_outage_subjects


def channels_down(business) -> set[str]:
    return {outage.channel for outage in delivery_outages.list_ongoing_outages(business)}


def test_a_code_that_waits_for_a_minute_is_an_outage_since_its_request(acme, create_code_delivery, now):
    create_code_delivery()

    update_outages(now=now + MINUTE - SECOND)
    assert channels_down(acme) == set()
    update_outages(now=now + MINUTE)
    [outage] = delivery_outages.list_ongoing_outages(acme)
    assert (outage.channel, outage.started_at) == ("sms", now)


def test_permitted_staff_are_notified_once_in_their_language(acme, create_code_delivery, list_outage_subjects, now):
    acme.language = "de"
    acme.save(update_fields=["language"])
    create_code_delivery()

    for seconds in (60, 70, 80):
        update_outages(now=now + seconds * SECOND)

    [subject] = list_outage_subjects()
    assert subject.startswith("SMS-Codes verspäten sich seit ")


def test_of_two_concurrent_sweepers_only_one_notifies(
    committed_db, acme, create_code_delivery, list_outage_subjects, now
):
    create_code_delivery()
    with run_blocked(partial(update_outages, now=now + MINUTE)) as other:
        update_outages(now=now + MINUTE)

    assert other == [None]
    assert (len(list_outage_subjects()), channels_down(acme)) == (1, {"sms"})


def test_a_sweeper_with_a_slow_clock_ends_no_outage_that_another_recorded(
    acme, create_code_delivery, list_outage_subjects, now
):
    create_code_delivery()
    update_outages(now=now + MINUTE)
    for seconds in (55, 65, 75):
        update_outages(now=now + seconds * SECOND)

    assert (len(list_outage_subjects()), channels_down(acme), Outage.objects.count()) == (1, {"sms"}, 1)


def test_a_sweeper_with_a_slow_clock_starts_no_outage_that_another_ended(
    acme, create_code_delivery, list_outage_subjects, now, settings
):
    create_code_delivery(DeliveryState.EXPIRED, completed_at=now + 10 * MINUTE)
    update_outages(now=now + MINUTE)
    for seconds in (0, -5):
        update_outages(now=now + settings.OUTAGE_LOOKBACK + seconds * SECOND)

    assert (len(list_outage_subjects()), channels_down(acme)) == (1, set())


def test_codes_requested_since_the_end_start_the_next_outage_at_once(acme, create_code_delivery, now, settings):
    create_code_delivery(DeliveryState.EXPIRED, completed_at=now + 10 * MINUTE)
    update_outages(now=now + MINUTE)
    create_code_delivery(at=now + settings.OUTAGE_LOOKBACK - 30 * SECOND)
    update_outages(now=now + settings.OUTAGE_LOOKBACK)
    update_outages(now=now + settings.OUTAGE_LOOKBACK + MINUTE)

    assert channels_down(acme) == {"sms"}


def test_only_the_business_whose_codes_wait_is_notified(acme, globex, create_code_delivery, list_outage_subjects, now):
    create_code_delivery()
    update_outages(now=now + MINUTE)

    assert (channels_down(globex), list_outage_subjects(globex)) == (set(), [])


def test_an_error_at_one_business_does_not_stop_the_notification_of_others(
    acme, globex, create_code_delivery, list_outage_subjects, now
):
    create_code_delivery()
    create_code_delivery(business=globex)
    with use_business(globex), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE messaging_notification RENAME TO messaging_notification_gone")
    update_outages(now=now + MINUTE)

    assert (len(list_outage_subjects()), channels_down(acme), channels_down(globex)) == (1, {"sms"}, set())


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (DeliveryState.VOID, {}),
        (DeliveryState.FAILED, {"reason": "invalid-number"}),
        (DeliveryState.QUEUED, {"reason": "broken"}),
        (DeliveryState.EXPIRED, {"reason": "withdrawn"}),
        (DeliveryState.QUEUED, {"queue": Queue.NOTICES}),
    ],
)
def test_a_failure_of_one_message_is_no_outage(acme, create_code_delivery, now, state, fields):
    create_code_delivery(state, completed_at=now if state > DeliveryState.UNCLEAR else None, **fields)
    update_outages(now=now + 2 * MINUTE)

    assert channels_down(acme) == set()


@pytest.mark.parametrize("state", [DeliveryState.UNCLEAR, DeliveryState.EXPIRED])
def test_codes_that_never_got_an_answer_are_an_outage(acme, create_code_delivery, now, state):
    create_code_delivery(state, completed_at=now + SECOND)
    update_outages(now=now + MINUTE)

    assert channels_down(acme) == {"sms"}


def test_one_code_that_waits_while_others_go_out_is_no_outage(acme, globex, create_code_delivery, now):
    create_code_delivery()
    create_code_delivery(DeliveryState.DELIVERED, business=globex, completed_at=now + 30 * SECOND)
    update_outages(now=now + 2 * MINUTE)

    assert channels_down(acme) == set()


def test_a_working_channel_does_not_hide_a_failing_one(acme, create_code_delivery, now):
    create_code_delivery()
    create_code_delivery(DeliveryState.DELIVERED, channel=Channel.EMAIL, completed_at=now + 30 * SECOND)
    update_outages(now=now + MINUTE)

    assert channels_down(acme) == {"sms"}


def test_an_outage_ends_with_the_first_accepted_code_and_updates_the_unread_notification(
    acme, create_code_delivery, list_outage_subjects, now
):
    create_code_delivery()
    update_outages(now=now + MINUTE)
    create_code_delivery(DeliveryState.ACCEPTED, at=now + 2 * MINUTE, completed_at=now + 3 * MINUTE)
    update_outages(now=now + 3 * MINUTE)

    assert channels_down(acme) == set()
    [subject] = list_outage_subjects()
    assert subject.startswith("Codes by text message have been sent again since")


def test_staff_who_read_the_notification_get_a_new_one_at_the_end(
    acme, create_code_delivery, list_outage_subjects, now
):
    create_code_delivery()
    update_outages(now=now + MINUTE)
    with use_business(acme):
        notifications.mark_read(Notification.objects.all(), now=now)
    create_code_delivery(DeliveryState.ACCEPTED, completed_at=now + 3 * MINUTE)
    update_outages(now=now + 3 * MINUTE)
    update_outages(now=now + 4 * MINUTE)

    assert [subject.split(" since")[0] for subject in list_outage_subjects()] == [
        "Codes by text message have been sent again",
        "Codes by text message have been delayed",
    ]


def test_an_outage_without_further_requests_ends_without_a_notification(
    acme, create_code_delivery, list_outage_subjects, now, settings
):
    create_code_delivery(DeliveryState.EXPIRED, completed_at=now + 10 * MINUTE)
    update_outages(now=now + MINUTE)
    update_outages(now=now + settings.OUTAGE_LOOKBACK)

    assert channels_down(acme) == set()
    assert [subject.split(" since")[0] for subject in list_outage_subjects()] == [
        "Codes by text message have been delayed"
    ]


def test_the_next_outage_is_notified_again(acme, create_code_delivery, list_outage_subjects, now):
    create_code_delivery()
    update_outages(now=now + MINUTE)
    create_code_delivery(DeliveryState.ACCEPTED, completed_at=now + 2 * MINUTE)
    update_outages(now=now + 3 * MINUTE)
    create_code_delivery(at=now + 4 * MINUTE)
    update_outages(now=now + 5 * MINUTE)

    assert (len(list_outage_subjects()), channels_down(acme)) == (2, {"sms"})


def test_an_outage_is_mailed_to_staff_who_chose_that_unless_it_has_ended(acme, create_code_delivery, now):
    owner = create_member(acme, "owner")
    with use_business(acme):
        notifications.save_preferences(
            membership=owner, preferences={SupportNotification.OUTAGE: NotificationMethod.MAIL}
        )
    create_code_delivery()
    update_outages(now=now + MINUTE)

    with use_business(acme):
        [mail] = Message.objects.all()
        assert mail.to == owner.person.email
        assert notifications.build_mail_context(mail, now=now)["notification_kind"] == "Codes are delayed"
    create_code_delivery(DeliveryState.ACCEPTED, completed_at=now + 2 * MINUTE)
    update_outages(now=now + 2 * MINUTE)
    with use_business(acme):
        assert notifications.build_mail_context(mail, now=now) is None


def test_the_sweeper_checks_every_ten_seconds(acme, create_code_delivery, now):
    clock = iter([now, *[now + (58 + 2 * step) * SECOND for step in range(20)]])
    create_code_delivery(at=now - MINUTE)
    times = []
    sweeper = Sweeper(clock=lambda: times.append(next(clock)) or times[-1])

    sweeper._check_for_outages()
    assert channels_down(acme) == {"sms"}
    Outage.objects.all().delete()
    for _round in range(4):
        sweeper._check_for_outages()
    assert channels_down(acme) == set()
    sweeper._check_for_outages()
    assert channels_down(acme) == {"sms"}


@pytest.mark.parametrize("path", ["", "sign-in-help/", "sign-in-help/clients/{pk}/"])
def test_pages_show_an_outage_while_it_lasts(acme, staff_client, create_code_delivery, now, path):
    with use_business(acme):
        client = ClientFactory(email="ana@example.com")
    browser, page = staff_client("staff"), "/console/acme/" + path.format(pk=client.pk)
    assert "Codes by text message are delayed" not in browser.get(page).content.decode()

    create_code_delivery()
    update_outages(now=now + MINUTE)
    text = browser.get(page).content.decode()
    assert "Codes by text message are delayed" in text
    assert "can request their code by email in the meantime" in text


def test_an_open_page_shows_the_start_and_the_end_of_an_outage(acme, staff_client, create_code_delivery, now):
    with use_business(acme):
        client = ClientFactory(email="ana@example.com")
    browser, live = staff_client("staff"), f"/console/acme/sign-in-help/clients/{client.pk}/live/"
    create_code_delivery()
    create_code_delivery(channel=Channel.EMAIL)
    update_outages(now=now + MINUTE)
    text = browser.get(live).content.decode()
    etag = text.split("?seen=")[1].split('"')[0]

    assert "An owner can issue a code in person" in text
    assert browser.get(live, {"seen": etag}).status_code == 204
    Outage.objects.filter(channel=Channel.SMS).update(ended_at=now)
    text = browser.get(live, {"seen": etag}).content.decode()
    assert "Codes by email are delayed" in text
    assert "Codes by text message are delayed" not in text
