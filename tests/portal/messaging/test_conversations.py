"""Do a client and the business hear of each other, once and in time, and nobody else?"""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.access import services as access
from portal.activity.models import Entry
from portal.clients.models import Client
from portal.messaging.conversations import services as conversations
from portal.messaging.conversations.services import LineRefused, TooMuchWritten
from portal.messaging.models import Line, Message, Notice
from tenants.context import use_business
from tenants.models import Delivery, DeliveryState
from tests import factories
from tests.portal.messaging.people import ANA, a_client, deliver, owed, say, staff_of

Side = Line.Side


@pytest.fixture
def ana(acme):
    with use_business(acme):
        return a_client()


@pytest.fixture
def timo(acme):
    return factories.colleague(acme, "staff")


def test_what_is_written_is_kept_as_text_and_told_on_the_timeline(acme, ana, timo):
    with use_business(acme):
        say(ana, "  <b>Hello</b>\r\nhttp://example.com \x07 ")
        say(ana, "Good day", by=timo)
        mine, theirs = Line.objects.order_by("written_at")
        entries = Entry.objects.filter(verb="messaging.line-written").order_by("at")

        assert mine.body == "<b>Hello</b>\nhttp://example.com"
        assert (theirs.side, theirs.person_id, theirs.person_name) == (Side.STAFF, timo.person_id, timo.person.name)
        assert [(entry.actor, entry.actor_name, entry.ip) for entry in entries] == [
            ("client", "", None),
            ("staff", timo.person.name, "127.0.0.1"),
        ]
        assert "Hello" not in str([entry.data for entry in entries])


@pytest.mark.parametrize("body", ["", "   \n\t ", "\x00\x07", "\u200b\u200e", "x" * 4001])
def test_what_says_nothing_or_never_ends_is_refused(acme, ana, body):
    with use_business(acme):
        with pytest.raises(LineRefused):
            say(ana, body)

        assert not Line.objects.exists()


@pytest.mark.parametrize("deed", [access.archive_client, access.block_client])
def test_nobody_writes_to_or_from_a_card_that_is_put_away(acme, ana, timo, deed, now):
    with use_business(acme):
        deed(client=ana, now=now)
        for by in (None, timo):
            with pytest.raises(LineRefused):
                say(ana, by=by)

        assert not Line.objects.exists()


def test_a_client_writes_so_much_an_hour_and_so_much_a_day(acme, ana, now, settings):
    settings.MESSAGES_PER_HOUR, settings.MESSAGES_PER_DAY = 2, 3
    with use_business(acme):
        for _time in range(2):
            say(ana, at=now)
        with pytest.raises(TooMuchWritten) as refusal:
            say(ana, at=now + timedelta(minutes=59))
        assert refusal.value.retry_at == now + timedelta(hours=1)
        say(ana, at=now + timedelta(minutes=61))
        with pytest.raises(TooMuchWritten):
            say(ana, at=now + timedelta(hours=20))
        say(ana, at=now + timedelta(hours=25))

        assert Line.objects.count() == 4


def test_staff_may_write_as_much_as_it_takes(acme, ana, timo, settings):
    settings.MESSAGES_PER_HOUR = 1
    with use_business(acme):
        for _time in range(3):
            say(ana, by=timo)

        assert Line.objects.count() == 3


def test_all_that_staff_write_within_five_minutes_is_one_mail(acme, ana, timo, outbox, now):
    with use_business(acme):
        for minute in (0, 2, 4):
            say(ana, by=timo, at=now + timedelta(minutes=minute))

    assert deliver(outbox, timedelta(minutes=4, seconds=50)) == []
    [mail] = deliver(outbox)
    assert (mail["to"], mail["subject"]) == (ANA, "3 new messages from Acme Physiotherapy")
    assert owed() == 0


def test_what_is_written_after_the_mail_left_is_another_one(acme, ana, timo, outbox, now):
    with use_business(acme):
        say(ana, by=timo, at=now)
    deliver(outbox)
    with use_business(acme):
        say(ana, by=timo, at=now + timedelta(minutes=6))

    with time_machine.travel(now + timedelta(minutes=12), tick=False):
        outbox.deliver_due()

    assert len(outbox.sent(ANA)) == 2


def test_what_is_written_after_the_mail_left_is_another_one_though_the_clock_is_behind(acme, ana, timo, outbox, now):
    with use_business(acme):
        say(ana, by=timo, at=now)
    deliver(outbox)
    with use_business(acme):
        say(ana, by=timo, at=now + timedelta(minutes=4))

    assert owed() == 1


def test_a_mail_that_has_not_left_yet_tells_of_what_is_written_meanwhile_however_late_it_is(acme, ana, timo, now):
    with use_business(acme):
        for minute in (0, 6, 60):
            say(ana, by=timo, at=now + timedelta(minutes=minute))

    assert owed() == 1


def test_a_mail_that_nobody_sent_in_its_time_holds_up_no_other(acme, ana, timo, now, settings):
    with use_business(acme):
        say(ana, by=timo, at=now)
        say(ana, by=timo, at=now + settings.NOTICE_LIFETIME)

    assert owed() == 2


def test_a_mail_to_a_former_address_holds_up_none_to_the_new_one(acme, ana, timo, outbox, now):
    with use_business(acme):
        say(ana, by=timo, at=now)
        _changes_address(ana, timo)
        say(ana, by=timo, at=now)

    assert [mail["to"] for mail in deliver(outbox)] == ["other@example.com"]


def test_the_mail_says_who_wrote_and_not_what_and_leads_to_the_door(acme, ana, timo, outbox, portal_client):
    with use_business(acme):
        say(ana, "The result is 123456, see http://evil.example", by=timo)

    [mail] = deliver(outbox)

    for part in (mail["subject"], mail["text"], mail["html"]):
        assert "123456" not in part
        assert "evil" not in part
    assert "http://acme.localhost:8000/messages/" in mail["text"]
    assert portal_client(acme).get("/messages/").headers["Location"] == "/sign-in/"


def test_a_client_is_written_to_in_their_language(acme, ana, timo, outbox):
    with use_business(acme):
        Client.objects.filter(pk=ana.pk).update(language="de")
        ana.refresh_from_db()
        say(ana, by=timo)

    assert deliver(outbox)[0]["subject"] == "Neue Nachricht von Acme Physiotherapy"


def _reads(client, timo):
    conversations.mark_read(client=client, side=Side.CLIENT, now=timezone.now())


def _is_archived(client, timo):
    access.archive_client(client=client, now=timezone.now())


def _changes_address(client, timo):
    client.contacts.update(value="other@example.com")


@pytest.mark.parametrize("change", [_reads, _is_archived, _changes_address])
def test_the_mail_is_dropped_when_it_is_no_longer_true(acme, ana, timo, outbox, change):
    with use_business(acme):
        say(ana, by=timo)
        change(ana, timo)

    assert [mail for mail in deliver(outbox) if "message" in mail["subject"]] == []
    with use_business(acme):
        message = Message.objects.get(kind="new-message")
        assert (message.state, message.reason) == (DeliveryState.EXPIRED, "withdrawn")


def test_a_client_without_a_mailbox_is_not_mailed(acme, timo, outbox):
    with use_business(acme):
        say(a_client(email=None, mobile="+447700900101"), by=timo)

    assert owed() == 0


def test_all_that_a_client_writes_within_five_minutes_is_one_mail_to_each_who_answers(acme, ana, timo, outbox, now):
    with use_business(acme):
        for minute in (0, 3):
            say(ana, at=now + timedelta(minutes=minute))

    sent = deliver(outbox)

    assert {mail["to"] for mail in sent} == {"owner@acme.test", timo.person.email}
    assert len(sent) == 2
    assert sent[0]["subject"] == "New message: Ana Pereira · Acme Physiotherapy"
    assert "http://localhost:8000/console/acme/notices/" in sent[0]["text"]


def test_no_mail_goes_to_staff_once_a_colleague_has_answered(acme, ana, timo, outbox):
    with use_business(acme):
        say(ana)
        say(ana, "Hello Ana", by=timo)

    assert {mail["to"] for mail in deliver(outbox)} == {ANA}


def test_a_demo_client_s_messages_reach_nobody(acme, timo, outbox):
    with use_business(acme):
        demo = a_client(name="Robin Demo", email="robin@demo.invalid", is_demo=True)
        say(demo)
        say(demo, by=timo)

        assert not Notice.objects.exists()
        assert list(conversations.inbox()) == []
    assert deliver(outbox) == []


def test_answering_is_reading(acme, ana, timo):
    with use_business(acme):
        say(ana)
        say(ana, by=timo)

        assert Line.objects.get(side=Side.CLIENT).read_at
        assert Line.objects.get(side=Side.STAFF).read_at is None


def test_the_inbox_has_one_line_for_each_client_those_that_wait_first(acme, ana, timo, now):
    with use_business(acme):
        bo, cleo = a_client("Bo Lind", "bo@example.com"), a_client("Cleo", "cleo@example.com")
        say(bo, at=now)
        say(ana, at=now + timedelta(minutes=1))
        say(ana, "Second", at=now + timedelta(minutes=2))
        say(cleo, at=now + timedelta(minutes=3))
        say(cleo, "Answer", by=timo, at=now + timedelta(minutes=4))

        found = [(line.client.name, line.body, line.waits) for line in conversations.inbox()]

    assert found == [("Ana Pereira", "Second", True), ("Bo Lind", "Hello", True), ("Cleo", "Answer", False)]


def test_the_inbox_is_searched_by_name_by_address_and_by_what_was_said(acme, ana, timo):
    with use_business(acme):
        bo = a_client("Bo Lind", "bo@example.org")
        say(bo, "The knee hurts (50%)")
        say(bo, "Better now", by=timo)
        say(ana)

        def names(search):
            return [line.client.name for line in conversations.inbox(search=search)]

        assert names("lind") == ["Bo Lind"]
        assert names("bo@example.org") == ["Bo Lind"]
        assert names("KNEE better") == ["Bo Lind"]
        assert names("(50%)") == ["Bo Lind"]
        assert names(".*") == []
        assert names("knee lisbon") == []


def test_mine_are_those_i_wrote_in(acme, ana, timo):
    other = factories.colleague(acme, "staff")
    with use_business(acme):
        say(ana, by=timo)
        say(ana, by=other)
        say(a_client("Bo Lind", "bo@example.com"), by=other)

        assert [line.client.name for line in conversations.inbox(person_id=timo.person_id)] == ["Ana Pereira"]
        assert len(conversations.inbox(person_id=staff_of(other).person_id)) == 2


def test_the_inbox_is_read_from_its_index_however_many_there_are(acme, ana):
    from django.db import connection

    with use_business(acme), connection.cursor() as cursor:
        clients = Client.objects.bulk_create(Client(name=f"C {n}", created_at=timezone.now()) for n in range(2000))
        Line.objects.bulk_create(
            Line(client=one, side="client", body="x", written_at=timezone.now()) for one in clients
        )
        cursor.execute("ANALYZE messaging_line")
        cursor.execute("ANALYZE clients_client")
        plan = conversations.inbox()[:25].explain()

    assert "line_inbox" in plan, plan


def test_two_businesses_with_one_client_s_key_share_no_conversation(acme, globex, ana):
    with use_business(globex):
        twin = a_client()
    assert twin.pk == ana.pk

    with use_business(acme):
        say(ana, "For Acme")

    with use_business(globex):
        assert not Line.objects.exists()
        assert not Notice.objects.exists()
    assert set(Delivery.objects.values_list("business", flat=True)) == {acme.pk}
