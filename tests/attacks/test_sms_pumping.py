"""L28: whoever has codes texted to number after number is stopped, and clients are not."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from portal.access.models import ClientSession
from portal.clients.models import ContactSource
from portal.messaging.models import Message
from tenants.context import use_business
from tenants.models import DeliveryState, SentSms, SmsPriority, SmsStop
from tests.attacks.sms_steps import list_spread_numbers
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE


@pytest.fixture
def pump(acme, open_visitor, outbox, settings, advance_time):
    """Return a function that has codes texted to number after number by clients who change their own details."""
    settings.LOGIN_REQUESTS_PER_IP = "1000/minute"

    def pump(count):
        visitor = None
        for place, number in enumerate(list_spread_numbers(count)):
            if place % 5 == 0:
                mailbox = f"mallory-{place}@example.com"
                with use_business(acme):
                    ClientFactory(email=mailbox)
                visitor = open_visitor(acme)
                visitor.request_code(mailbox)
                visitor.submit_code(visitor.code())
            assert visitor.browser.post("/account/contact/", {"identifier": number}).status_code == 302
            outbox.deliver_due()
            advance_time(200)

    return pump


def test_pumping_through_own_details_ends(acme, pump, outbox):
    pump(40)

    texts = [message for message in outbox.sent() if message["channel"] == "sms"]
    assert len(texts) == 20
    assert SmsStop.objects.get().reason == "few-codes-used"


def test_known_clients_are_texted_and_mailed_while_a_stranger_is_stopped(acme, ana, pump, open_visitor, outbox):
    regular = open_visitor(acme)
    regular.request_code(MOBILE)
    outbox.deliver_due()
    assert regular.submit_code(outbox.code(MOBILE)).status_code == 302
    pump(21)
    assert SmsStop.objects.exists()

    texted, mailed = open_visitor(acme), open_visitor(acme)
    texted.request_code(MOBILE)
    mailed.request_code(ANA)
    outbox.deliver_due()

    assert texted.submit_code(outbox.code(MOBILE)).status_code == 302
    assert mailed.submit_code(outbox.code(ANA)).status_code == 302


def test_the_code_page_does_not_tell_whether_texts_are_stopped(acme, ana, open_visitor, outbox, now):
    """Only texts to clients begin a stop, so a page that told of one would tell who is a client."""
    pages = []
    for number in (MOBILE, "+447700900199"):
        pages.append(_read_code_page(open_visitor(acme), number))
    fields = {"reason": "few-codes-used", "area": "", "priority": SmsPriority.CHOSEN}
    SmsStop.objects.create(business=acme, started_at=now, ends_at=now + timedelta(days=1), **fields)
    for number in (MOBILE, "+447700900199"):
        pages.append(_read_code_page(open_visitor(acme), number))

    assert len(set(pages)) == 1


def _read_code_page(visitor, number):
    visitor.request_code(number)
    page = visitor.browser.get("/sign-in/code/").content.decode()
    start = page.index("<main")
    return page[start : page.index("<form", start)].replace("•••101", "•••199")


def test_a_refused_text_shows_on_the_timeline_and_staff_can_send_an_email(acme, ana, open_visitor, outbox, now):
    fields = {"reason": "few-codes-used", "area": "", "priority": SmsPriority.CHOSEN}
    SmsStop.objects.create(business=acme, started_at=now, ends_at=now + timedelta(days=1), **fields)
    with use_business(acme):
        ana.contacts.filter(value=MOBILE).update(source=ContactSource.CLIENT)
    visitor = open_visitor(acme)
    visitor.request_code(MOBILE)
    outbox.deliver_due()

    with use_business(acme):
        message = Message.objects.get(to=MOBILE)
    assert (message.state, message.reason) == (DeliveryState.FAILED, "sms-few-codes-used")
    assert outbox.sent(MOBILE) == []
    visitor.resend(channel="email")
    outbox.deliver_due()
    assert visitor.submit_code(outbox.code(ANA)).status_code == 302


def test_typing_a_mailed_code_counts_for_no_text(acme, ana, open_visitor, outbox):
    visitor = open_visitor(acme)
    visitor.request_code(ANA)
    visitor.resend(channel="sms")
    outbox.deliver_due()

    assert visitor.submit_code(visitor.code(0)).status_code == 302

    assert SentSms.objects.get().code_used_at is None


def test_only_the_code_that_was_typed_counts_of_several_texts(acme, ana, open_visitor, outbox, advance_time):
    visitor = open_visitor(acme)
    visitor.request_code(MOBILE)
    outbox.deliver_due()
    advance_time(200)
    visitor.resend(channel="sms")
    outbox.deliver_due()

    assert visitor.submit_code(visitor.code(1)).status_code == 302

    used = SentSms.objects.order_by("generation").values_list("generation", "code_used_at")
    assert [(generation, bool(used_at)) for generation, used_at in used] == [(0, False), (1, True)]


def test_typing_a_texted_code_counts(acme, ana, open_visitor, outbox):
    visitor = open_visitor(acme)
    visitor.request_code(MOBILE)
    outbox.deliver_due()

    assert visitor.submit_code(outbox.code(MOBILE)).status_code == 302

    assert SentSms.objects.get().code_used_at is not None
    with use_business(acme):
        assert ClientSession.objects.get().address == MOBILE


def test_no_row_holds_a_number(acme, ana, open_visitor, outbox):
    open_visitor(acme).request_code(MOBILE)
    outbox.deliver_due()

    row = SentSms.objects.values_list().get()
    assert not any(MOBILE[-4:] in str(value) for value in row[3:7])


def test_an_operator_sees_and_lifts_stops(acme, now, capsys):
    fields = {"reason": "few-codes-used", "area": "+49151", "priority": SmsPriority.GIVEN, "sampled": 10, "used": 1}
    stop = SmsStop.objects.create(business=acme, started_at=now, ends_at=now + timedelta(days=1), **fields)

    call_command("sms_stops")
    listed = capsys.readouterr().out
    call_command("sms_stops", "--lift", str(stop.pk))

    assert str(stop.pk) in listed
    assert "Acme Physiotherapy" in listed
    assert "1 of 10" in listed
    stop.refresh_from_db()
    assert stop.lifted_at
    call_command("sms_stops")
    assert "No texts are stopped" in capsys.readouterr().out


def test_a_client_adds_a_number_and_signs_in_with_it(acme, ana, open_visitor, outbox):
    """Three texts within a minute: the code to add it, the notice that it was added, and the code to sign in."""
    added, visitor, later = "+447700900199", open_visitor(acme), open_visitor(acme)
    visitor.request_code(ANA)
    visitor.submit_code(visitor.code())
    visitor.browser.post("/account/contact/", {"identifier": added})
    outbox.deliver_due()
    visitor.browser.post("/account/contact/code/", {"code": outbox.code(added)})
    outbox.deliver_due()

    later.request_code(added)
    outbox.deliver_due()

    assert later.submit_code(outbox.code(added)).status_code == 302
