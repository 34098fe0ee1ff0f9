"""A STOP that Twilio reports for one sender is judged by that sender, whoever texts the number."""

import pytest

from portal.access.kinds import AccessMessageKind
from portal.messaging import suppressions
from portal.messaging.models import Suppression
from tenants.context import use_business
from tenants.models import Channel, Delivery, DeliveryState, ProviderEvent, Queue
from tests.portal.access.sign_in_steps import MOBILE, request_code_for
from workers.actors.delivery_jobs import apply_events, deliver_now
from workers.providers.twilio import build_callback_path, sign_delivery_id

NUMBER, NUMBER_CODES = "+15005550006", "+15005550009"
SERVICE, SERVICE_CODES = "MG" + "0" * 32, "MG" + "1" * 32
HELP = "/console/acme/sign-in-help/"
STILL_ARRIVE = "Sign-in codes come from another sender and still arrive."
GERMAN = {"accept-language": "de"}


@pytest.fixture(autouse=True)
def _two_numbers(settings, twilio):
    settings.TWILIO_FROM, settings.TWILIO_FROM_CODES = NUMBER, NUMBER_CODES


@pytest.fixture
def text_notice(acme, create_delivery):
    """Return a function that texts a notice and returns its delivery."""

    def text_notice() -> Delivery:
        delivery = create_delivery(acme, to=MOBILE, channel=Channel.SMS, kind=AccessMessageKind.ACCESS_ENDED)
        deliver_now(delivery.pk)
        return delivery

    return text_notice


@pytest.fixture
def text_code(acme, ana, now):
    """Return a function that texts a code and returns its delivery."""

    def text_code() -> Delivery:
        with use_business(acme):
            request_code_for(acme, MOBILE, now=now)
        delivery = Delivery.objects.get(queue=Queue.CODES, state=DeliveryState.QUEUED)
        deliver_now(delivery.pk)
        return delivery

    return text_code


@pytest.fixture
def report_stop(twilio, twilio_signer):
    """Return a function that has Twilio report that a text was refused because of a STOP, and applies what it says."""

    def report_stop(delivery: Delivery, **fields: str) -> None:
        callback = {
            "ErrorCode": "21610",
            "SmsSid": "SM" + "1" * 32,
            "SmsStatus": "failed",
            "MessageStatus": "failed",
            "To": MOBILE,
            "MessageSid": "SM" + "1" * 32,
            "AccountSid": "AC" + "0" * 32,
            "From": NUMBER,
            "ApiVersion": "2010-04-01",
        }
        assert (
            twilio_signer.post(build_callback_path(sign_delivery_id(delivery.pk)), callback | fields).status_code == 204
        )
        apply_events.fn(event_ids=[str(pk) for pk in ProviderEvent.objects.values_list("pk", flat=True)])

    return report_stop


def list_stopped_senders(business) -> list[tuple[str, bool]]:
    """Return the senders of a business that were stopped, and whether each blocks codes."""
    with use_business(business):
        return [(one.sender, suppressions.blocks_codes(one)) for one in Suppression.objects.order_by("since")]


def read_help_page(browser, client, **headers) -> str:
    """Return the sign-in help of a client as text."""
    return " ".join(browser.get(f"{HELP}clients/{client.pk}/", headers=headers.get("headers")).content.decode().split())


def test_a_stop_to_a_notice_is_listed_for_its_sender_and_blocks_no_code(
    acme, text_notice, text_code, report_stop, twilio
):
    report_stop(text_notice())
    text_code()

    assert list_stopped_senders(acme) == [(NUMBER, False)]
    assert [text["From"] for text in twilio.texts] == [NUMBER, NUMBER_CODES]


def test_a_stop_to_a_code_blocks_codes(acme, ana, text_code, report_stop, staff_client):
    report_stop(text_code(), From=NUMBER_CODES)

    assert list_stopped_senders(acme) == [(NUMBER_CODES, True)]
    page = read_help_page(staff_client(), ana)
    assert "The provider no longer sends to" in page
    assert "Ask the client to text START to +1 500-555-0009." in page


def test_staff_see_that_codes_still_arrive_after_a_stop_to_a_notice(ana, text_notice, report_stop, staff_client):
    report_stop(text_notice())

    page, german_page = read_help_page(staff_client(), ana), read_help_page(staff_client(), ana, headers=GERMAN)
    assert STILL_ARRIVE in page
    assert "Replied STOP to our notices" in page
    assert "The provider no longer sends to" not in page
    assert "Codes kommen von einem anderen Absender und treffen weiter ein." in german_page


def test_a_stop_to_codes_is_shown_before_an_earlier_one_to_notices(
    acme, ana, text_notice, text_code, report_stop, staff_client
):
    report_stop(text_notice())
    report_stop(text_code(), From=NUMBER_CODES, MessageSid="SM" + "2" * 32)

    assert list_stopped_senders(acme) == [(NUMBER, False), (NUMBER_CODES, True)]
    page = read_help_page(staff_client(), ana)
    assert "The provider no longer sends to" in page
    assert STILL_ARRIVE not in page


def test_a_stop_counts_for_codes_once_they_come_from_the_stopped_number(acme, settings, text_notice, report_stop):
    report_stop(text_notice())

    settings.TWILIO_FROM, settings.TWILIO_FROM_CODES = NUMBER_CODES, NUMBER

    assert list_stopped_senders(acme) == [(NUMBER, True)]


def test_a_stop_to_a_shared_number_blocks_no_code_once_codes_have_their_own(acme, settings, text_notice, report_stop):
    settings.TWILIO_FROM_CODES = ""
    report_stop(text_notice())
    assert list_stopped_senders(acme) == [(NUMBER, True)]

    settings.TWILIO_FROM_CODES = NUMBER_CODES

    assert list_stopped_senders(acme) == [(NUMBER, False)]


def test_a_stop_to_a_messaging_service_is_judged_by_the_service(
    acme, ana, settings, text_notice, text_code, report_stop, staff_client
):
    settings.TWILIO_MESSAGING_SERVICE_SID, settings.TWILIO_MESSAGING_SERVICE_SID_CODES = SERVICE, SERVICE_CODES
    report_stop(text_notice(), From="+15005550077", MessagingServiceSid=SERVICE)
    assert list_stopped_senders(acme) == [(SERVICE, False)]

    report_stop(text_code(), From="+15005550088", MessagingServiceSid=SERVICE_CODES, MessageSid="SM" + "2" * 32)

    assert list_stopped_senders(acme) == [(SERVICE, False), (SERVICE_CODES, True)]
    assert "text START to our number" in read_help_page(staff_client(), ana)


def test_a_stop_whose_sender_nobody_wrote_down_counts_for_codes(acme, now):
    with use_business(acme):
        suppression = Suppression(value=MOBILE, channel="sms", reason="twilio-21610", since=now)

        assert suppressions.blocks_codes(suppression)
