"""The page about text messages, and what staff are told of a stop."""

from datetime import timedelta

import pytest

from portal.activity.models import Entry
from portal.messaging.models import Notification
from portal.signin_support.sms_stop_notices import build_sms_stop_notices
from portal.signin_support.sms_stop_notifications import is_sms_stop_lifted, notify_sms_stopped
from tenants.context import use_business
from tenants.models import SentSms, SmsPriority, SmsStop, SmsStopReason
from tests.attacks.sms_steps import send_sms, send_used_sms
from tests.factories import create_member

PAGE = "/console/acme/settings/text-messages/"


@pytest.fixture
def create_stop(acme, now):
    """Return a function that stops some texts of a business for a day, Acme's unless told."""

    def create_stop(business=acme, **fields):
        fields = {"reason": SmsStopReason.FEW_CODES_USED, "priority": SmsPriority.CHOSEN} | fields
        return SmsStop.objects.create(business=business, started_at=now, ends_at=now + timedelta(days=1), **fields)

    return create_stop


def test_it_says_what_was_sent_and_what_it_cost(acme, globex, staff_client, now):
    for number in ("+4915112340000", "+4915112350000"):
        send_sms(acme, number, now=now)
    send_used_sms(acme, "+4915112360000", now=now)
    send_sms(globex, "+12125550123", now=now)
    send_sms(acme, "+4915112370000", now=now - timedelta(days=2))

    page = " ".join(staff_client().get(PAGE).content.decode().split())

    assert "Nothing is stopped" in page
    assert ">3<" in page
    assert "1 of 3" in page
    assert "$0.36" in page


def test_staff_let_texts_be_sent_again(acme, staff_client, create_stop):
    stop = create_stop(sampled=20, used=1)
    browser = staff_client()
    assert "Typed in: 1 of the last 20 codes." in browser.get(PAGE).content.decode()

    browser.post(f"{PAGE}stops/{stop.pk}/lifting/")

    assert "Nothing is stopped" in browser.get(PAGE).content.decode()
    with use_business(acme):
        assert Entry.objects.get(event_type="support.texts-resumed").subject_id == stop.pk


def test_a_stop_of_another_business_is_not_found(globex, staff_client, create_stop):
    stop = create_stop(business=globex)

    assert staff_client().post(f"{PAGE}stops/{stop.pk}/lifting/").status_code == 404
    stop.refresh_from_db()
    assert stop.lifted_at is None


def test_a_cap_that_is_judged_anew_can_not_be_lifted(staff_client, create_stop):
    stop = create_stop(reason=SmsStopReason.DAY)

    assert staff_client().post(f"{PAGE}stops/{stop.pk}/lifting/").status_code == 404
    stop.refresh_from_db()
    assert stop.lifted_at is None


def test_sign_in_help_shows_the_stops_of_this_business(globex, staff_client, create_stop):
    create_stop(area="+49151123")
    create_stop(business=globex, area="+1212555")

    page = staff_client().get("/console/acme/sign-in-help/").content.decode()

    assert "Texts to new numbers that begin with +49151123 are stopped" in page
    assert "+1212555" not in page
    assert PAGE in page


@pytest.mark.parametrize("reason", SmsStopReason.values)
def test_every_reason_is_explained_and_only_some_stops_can_be_lifted(create_stop, reason):
    area = {"country": "PL", "range": "+48601"}.get(reason, "")
    [notice] = build_sms_stop_notices([create_stop(reason=reason, area=area)])

    assert notice.title
    assert notice.explanation
    assert notice.is_liftable == (reason in ("few-codes-used", "country"))


def test_staff_are_notified_of_a_stop_until_somebody_lifts_it(acme, create_stop, now):
    create_member(acme, "owner")
    stop = create_stop()
    with use_business(acme):
        notify_sms_stopped(stop, now=now)
        notification = Notification.objects.filter(subject_id=stop.pk).first()

        assert notification.subject == "Texts to numbers that clients add themselves are stopped"
        assert not is_sms_stop_lifted(notification)
        SmsStop.objects.update(lifted_at=now)
        assert is_sms_stop_lifted(notification)


def test_texts_without_a_country_are_counted_too(acme, now):
    assert send_sms(acme, "+881612345678", now=now) == ""

    assert SentSms.objects.get().country == ""
