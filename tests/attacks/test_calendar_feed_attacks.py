"""Who doesn't know the secret address of a calendar feed reads nothing, however they try."""

import pytest

from portal.scheduling import services
from portal.scheduling.models import CalendarFeed
from tenants.context import use_business
from tenants.models import BusinessStatus
from tests.attacks.test_suspended_business import set_status
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA
from tests.portal.impersonation.impersonation_steps import follow_impersonation

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(acme):
    with use_business(acme):
        return ClientFactory(name="Ana Pereira", email=ANA)


@pytest.fixture
def token(acme, ana, now):
    with use_business(acme):
        return services.create_feed(owner=ana, now=now)


def test_a_feed_of_one_business_is_unknown_to_another(acme, globex, token, portal_client):
    assert portal_client(acme).get(f"/feeds/{token}.ics").status_code == 200
    assert portal_client(globex).get(f"/feeds/{token}.ics").status_code == 404


def test_feeds_are_found_by_no_guess(acme, ana, token, portal_client):
    with use_business(acme):
        feed = CalendarFeed.objects.get()
    digest = bytes(feed.token_digest).hex()
    guesses = (token[:-1], token + "A", token.swapcase(), digest, str(feed.pk), str(ana.pk), "-", "9" * 5_000)

    answers = {portal_client(acme).get(f"/feeds/{guess}.ics").status_code for guess in guesses}

    assert answers == {404}


def test_a_suspended_business_serves_no_feeds(acme, token, portal_client):
    set_status(acme, BusinessStatus.SUSPENDED)

    assert portal_client(acme).get(f"/feeds/{token}.ics").status_code == 403


def test_a_network_that_tries_addresses_is_stopped(acme, token, portal_client, settings):
    settings.CALENDAR_FEED_READS_PER_IP = "3/hour"
    stranger = portal_client(acme)
    answers = [stranger.get(f"/feeds/{number}.ics", REMOTE_ADDR="198.51.100.7") for number in range(4)]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert portal_client(acme).get(f"/feeds/{token}.ics", REMOTE_ADDR="192.0.2.1").status_code == 200


def test_a_feed_that_is_read_without_pause_is_slowed_down_for_all_programs(acme, token, portal_client, settings):
    settings.CALENDAR_FEED_READS_PER_FEED = "2/hour"

    networks = ("192.0.2.1", "198.51.100.7", "203.0.113.9")
    answers = [portal_client(acme).get(f"/feeds/{token}.ics", REMOTE_ADDR=network) for network in networks]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_staff_who_view_the_portal_as_a_client_make_no_feed(acme, ana, staff_client):
    path = f"/console/acme/portal/impersonation/{ana.pk}/"
    portal = follow_impersonation(staff_client(), path, acme, reason="They asked")

    for page in ("/appointments/feed/", "/appointments/feed/revocation/"):
        assert portal.post(page).status_code == 403
    assert portal.get("/appointments/feed/").status_code == 200
    with use_business(acme):
        assert not CalendarFeed.objects.exists()


def test_the_secret_of_a_feed_is_in_no_log(acme, token, portal_client, capfd):
    portal_client(acme).get(f"/feeds/{token}.ics")

    out, err = capfd.readouterr()
    assert token not in out + err
