"""L28: texts stop while few of the texted codes are typed back."""

from datetime import timedelta

import pytest

from tenants.models import Delivery, DeliveryState, SmsPriority, SmsStop
from tenants.sms_limits import stops
from tests.attacks.sms_steps import GERMAN, list_spread_numbers, send_sms, send_used_sms
from tests.portal.access.sign_in_steps import MOBILE


@pytest.fixture(autouse=True)
def _wide_caps(settings):
    """Let no cap be reached but those that a test sets."""
    settings.SMS_PER_HOUR = settings.SMS_PER_DAY = settings.SMS_PER_RANGE = 100_000
    settings.SMS_BUDGET = settings.SMS_PLATFORM_BUDGET = 10_000_000


@pytest.fixture
def later(now, settings):
    """A time at which the first texts could have been typed."""
    return now + settings.LOGIN_RESEND_WAIT + timedelta(seconds=1)


def test_texts_stop_when_hardly_any_code_of_a_block_is_typed(acme, now, later):
    for number in range(9):
        send_sms(acme, GERMAN.format(number), now=now)
    send_used_sms(acme, GERMAN.format(9), now=now)

    assert send_sms(acme, GERMAN.format(10), now=later) == "few-codes-used"
    stop = SmsStop.objects.get()
    assert (stop.area, stop.used, stop.sampled) == ("+491510000", 1, 10)
    assert send_sms(acme, GERMAN.format(10_000), now=later) == ""


def test_texts_of_a_business_stop_when_hardly_any_code_is_typed(acme, globex, now, later):
    for number in list_spread_numbers(20):
        send_sms(acme, number, now=now)

    assert send_sms(acme, GERMAN.format(99_999_999), now=later) == "few-codes-used"
    assert SmsStop.objects.get().area == ""
    assert send_sms(globex, GERMAN.format(99_999_999), now=later) == ""


def test_texts_flow_while_enough_codes_are_typed(acme, now, later):
    for place, number in enumerate(list_spread_numbers(40)):
        sent_at = now - timedelta(seconds=40 - place)
        (send_used_sms if place % 4 == 0 else send_sms)(acme, number, now=sent_at)

    assert send_sms(acme, GERMAN.format(99_999_999), now=later) == ""
    assert not SmsStop.objects.exists()


def test_codes_that_may_still_be_typed_count_for_nothing(acme, now):
    reasons = [send_sms(acme, number, now=now + timedelta(seconds=1)) for number in list_spread_numbers(40)]

    assert reasons == [""] * 40


def test_what_no_provider_accepted_counts_for_nothing(acme, now, later):
    for number in list_spread_numbers(30):
        send_sms(acme, number, now=now)
    Delivery.objects.update(state=DeliveryState.UNCLEAR)

    assert send_sms(acme, GERMAN.format(99_999_999), now=later) == ""


@pytest.mark.parametrize("priority", [SmsPriority.USED, SmsPriority.GIVEN, SmsPriority.ESTABLISHED])
def test_a_stranger_can_not_stop_texts_by_asking_at_numbers_of_clients(acme, now, later, priority):
    for number in list_spread_numbers(40):
        send_sms(acme, number, now=now, priority=priority)

    assert send_sms(acme, GERMAN.format(99_999_999), now=later) == ""


def test_notices_are_no_codes(acme, now, later):
    for number in list_spread_numbers(40):
        send_sms(acme, number, now=now, priority=SmsPriority.NOTICE, is_code=False)

    assert send_sms(acme, GERMAN.format(99_999_999), now=later) == ""


def test_a_stop_ends_by_itself_and_begins_anew_with_new_texts_only(acme, now, later, settings):
    for number in list_spread_numbers(20):
        send_sms(acme, number, now=now)
    assert send_sms(acme, MOBILE, now=later) == "few-codes-used"
    over = later + settings.SMS_STOP_LIFETIME

    assert send_sms(acme, MOBILE, now=over - timedelta(seconds=1)) == "few-codes-used"
    reasons = [send_sms(acme, number, now=over + timedelta(seconds=1)) for number in list_spread_numbers(20, start=50)]
    assert reasons == [""] * 20
    assert send_sms(acme, MOBILE, now=over + timedelta(hours=1)) == "few-codes-used"


def test_staff_and_operators_can_lift_a_stop(acme, now, later):
    for number in list_spread_numbers(20):
        send_sms(acme, number, now=now)
    assert send_sms(acme, MOBILE, now=later) == "few-codes-used"

    assert stops.lift_stop(SmsStop.objects.get(), by="Olga", now=later)

    assert send_sms(acme, MOBILE, now=later + timedelta(seconds=1)) == ""
    assert not stops.lift_stop(SmsStop.objects.get(), by="Olga", now=later)


@pytest.mark.parametrize("priority", [SmsPriority.USED, SmsPriority.GIVEN, SmsPriority.ESTABLISHED])
def test_numbers_of_clients_are_texted_during_a_stop_within_the_caps(acme, now, later, settings, priority):
    settings.SMS_PER_DAY = 1000
    for number in list_spread_numbers(20):
        send_sms(acme, number, now=now)
    assert send_sms(acme, MOBILE, now=later) == "few-codes-used"

    assert send_sms(acme, MOBILE, now=later, priority=priority) == ""
    settings.SMS_PER_DAY = 21
    assert send_sms(acme, MOBILE, now=later, priority=priority) == "day"
