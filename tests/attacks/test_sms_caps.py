"""L28: texts are capped by hour, day, block of numbers, country and cost."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from portal.messaging.models import Notification
from tenants.context import use_business
from tenants.models import Business, SentSms, SmsPriority, SmsStop
from tenants.sms_limits import stops
from tenants.sms_limits.admission import SmsRequest, admit_sms
from tests.attacks.concurrent_tasks import run_concurrently
from tests.attacks.sms_steps import GERMAN, list_spread_numbers, send_sms, send_used_sms
from tests.factories import create_member
from tests.portal.access.sign_in_steps import MOBILE


@pytest.fixture(autouse=True)
def _wide_caps(settings):
    """Let no cap be reached but those that a test sets, and stop nothing."""
    settings.SMS_PER_HOUR = settings.SMS_PER_DAY = settings.SMS_PER_RANGE = 100_000
    settings.SMS_BUDGET = settings.SMS_PLATFORM_BUDGET = 10_000_000
    settings.SMS_STOP_PERCENTAGE = 0


def test_numbers_that_clients_choose_have_a_tenth_of_the_texts_of_an_hour(acme, now, settings):
    settings.SMS_PER_HOUR = 100

    reasons = [send_sms(acme, number, now=now) for number in list_spread_numbers(15)]

    assert reasons == [""] * 10 + ["hour"] * 5


def test_they_leave_the_rest_to_the_numbers_that_staff_gave(acme, now, settings):
    settings.SMS_PER_HOUR = 20
    numbers = list_spread_numbers(60)

    sent = Counter()
    for priority in (*SmsPriority.values,)[1:]:
        for number in numbers:
            sent[priority] += not send_sms(acme, number, now=now, priority=priority)

    assert list(sent.values()) == [2, 2, 4, 8, 4]


def test_the_hour_is_over_after_an_hour_and_the_day_after_a_day(acme, now, settings):
    settings.SMS_PER_HOUR, settings.SMS_PER_DAY = 20, 30
    numbers = list_spread_numbers(12)

    first = [send_sms(acme, number, now=now) for number in numbers[:3]]
    later = [send_sms(acme, number, now=now + timedelta(hours=2)) for number in numbers[3:6]]
    next_day = send_sms(acme, numbers[7], now=now + timedelta(days=1, seconds=1))

    assert (first, later, next_day) == (["", "", "hour"], ["", "day", "day"], "")


def test_one_block_of_numbers_has_a_cap_of_its_own(acme, now, settings):
    settings.SMS_PER_RANGE = 10
    block = [GERMAN.format(number) for number in range(10)]

    reasons = [send_sms(acme, number, now=now, priority=SmsPriority.GIVEN) for number in block]

    assert reasons == [""] * 8 + ["range"] * 2
    assert send_sms(acme, GERMAN.format(10_000), now=now) == ""
    assert send_sms(acme, block[0], now=now, priority=SmsPriority.ESTABLISHED) == ""


def test_a_country_that_a_business_never_texted_has_a_small_cap(acme, now, settings):
    settings.SMS_PER_NEW_COUNTRY = 20
    polish = [f"+4860{number}234567" for number in range(4)]

    assert [send_sms(acme, number, now=now) for number in polish] == ["", "", "country", "country"]
    assert send_sms(acme, polish[0], now=now, priority=SmsPriority.GIVEN) == ""
    assert [send_sms(acme, number, now=now) for number in list_spread_numbers(4)] == [""] * 4


def test_a_code_that_was_typed_makes_a_country_known(acme, globex, now, settings):
    settings.SMS_PER_NEW_COUNTRY = 20
    send_used_sms(acme, "+48601234567", now=now)

    assert [send_sms(acme, f"+4860{number}234567", now=now) for number in range(2, 6)] == [""] * 4
    assert [send_sms(globex, f"+4860{number}234567", now=now) for number in range(2, 5)] == ["", "", "country"]


def test_staff_can_say_that_they_text_to_a_country(acme, now, settings):
    settings.SMS_PER_NEW_COUNTRY = 1
    assert [send_sms(acme, f"+4860{number}234567", now=now) for number in range(3)] == ["", "", "country"]

    assert stops.lift_stop(SmsStop.objects.get(), by="Olga", now=now)

    assert [send_sms(acme, f"+4860{number}234567", now=now) for number in range(3, 6)] == [""] * 3


def test_dear_texts_use_a_budget_up_sooner(acme, now, settings):
    settings.SMS_BUDGET, settings.SMS_PER_NEW_COUNTRY = 1000, 1000

    german = [send_sms(acme, number, now=now) for number in list_spread_numbers(10)]
    Business.objects.filter(pk=acme.pk).update(country="LB")
    SentSms.objects.all().delete()
    lebanese = [send_sms(acme, f"+9613{number}23456", now=now) for number in range(5)]

    assert german == [""] * 8 + ["budget"] * 2
    assert lebanese == [""] * 2 + ["budget"] * 3


def test_long_texts_cost_as_many_segments(acme, now, settings):
    settings.SMS_BUDGET = 1000

    assert [send_sms(acme, number, now=now, segments=4) for number in list_spread_numbers(3)] == ["", "", "budget"]


def test_all_businesses_share_the_budget_of_the_platform(acme, globex, now, settings):
    settings.SMS_PLATFORM_BUDGET, settings.SMS_PER_NEW_COUNTRY = 1000, 1000
    numbers = list_spread_numbers(10)

    reasons = [send_sms((acme, globex)[place % 2], number, now=now) for place, number in enumerate(numbers)]

    assert reasons == [""] * 8 + ["platform-budget"] * 2


def test_established_numbers_may_use_twice_the_budget_of_the_platform(acme, now, settings):
    settings.SMS_PLATFORM_BUDGET = 60
    fields = {"now": now, "priority": SmsPriority.ESTABLISHED}

    reasons = [send_sms(acme, number, **fields) for number in list_spread_numbers(12)]

    assert reasons == [""] * 10 + ["platform-budget"] * 2


def test_two_hundred_concurrent_texts_do_not_exceed_a_cap(committed_db, acme, globex, now, settings):
    settings.SMS_PER_HOUR, settings.SMS_PLATFORM_BUDGET, settings.SMS_PER_NEW_COUNTRY = 500, 9_000, 1000
    texts = [((acme, globex)[place % 2], number) for place, number in enumerate(list_spread_numbers(200))]

    reasons = Counter(run_concurrently(lambda text: send_sms(*text, now=now), texts))

    # A tenth of 9,000 cents is 75 German texts, and of 500 texts an hour 50 for each business.
    assert reasons[""] == SentSms.objects.count() == 75
    assert sum(SentSms.objects.values_list("cost", flat=True)) == 900


def test_a_delivery_that_is_tried_again_is_counted_once(acme, now):
    request = SmsRequest(uuid4(), acme, MOBILE, 1, SmsPriority.GIVEN, uuid4())

    with use_business(acme):
        assert [admit_sms(request, now=now) for _attempt in range(3)] == [""] * 3

    assert SentSms.objects.count() == 1


def test_staff_are_told_once_for_each_cap(acme, now, settings):
    settings.SMS_PER_HOUR = 10
    create_member(acme, "owner")

    for number in list_spread_numbers(5):
        send_sms(acme, number, now=now)

    assert SmsStop.objects.count() == 1
    with use_business(acme):
        assert Notification.objects.values("person_id").distinct().count() == Notification.objects.count() > 0
