"""Tests that sign-in support takes the same few statements, however much happened."""

from datetime import timedelta

import pytest

from portal.access.models import Challenge
from portal.messaging.models import Suppression
from tenants.context import use_business
from tests.factories import ClientFactory, ContactFactory
from tests.portal.access.sign_in_steps import ANA
from tests.portal.signin_support.conftest import SUPPORT_URL

MAX_QUERIES = 12


@pytest.fixture
def create_sign_in_failures(acme, ana, signing_in_client, make_older, now, settings):
    """Return a function that creates failed attempts, near misses and suppressions."""
    settings.LOGIN_SENDS_PER_HOUR = settings.LOGIN_SENDS_PER_DAY = 1000

    def create_sign_in_failures(times: int) -> None:
        for number in range(times):
            signing_in_client.request_code()
            signing_in_client.request_code(f"ana{number}@example.com")
            signing_in_client.submit_code("000000")
            make_older(timedelta(seconds=1))
        with use_business(acme):
            for number in range(times):
                value = f"ana.{number}@example.org"
                ContactFactory(client=ana, value=value)
                Suppression.objects.create(value=value, channel="email", reason="bounced", since=now)
                ClientFactory(name=f"Ana {number}", email=ANA)

    return create_sign_in_failures


@pytest.mark.parametrize("times", [1, 12])
def test_the_diagnostics_page_takes_few_statements(
    staff_client, ana, create_sign_in_failures, times, django_assert_max_num_queries
):
    create_sign_in_failures(times)
    browser = staff_client()
    for path in ("", "live/"):
        browser.get(f"{SUPPORT_URL}clients/{ana.pk}/{path}")
        with django_assert_max_num_queries(MAX_QUERIES):
            assert browser.get(f"{SUPPORT_URL}clients/{ana.pk}/{path}").status_code == 200


@pytest.mark.parametrize("typed", [ANA, "ana@exmaple.com", "ana0@example.com"])
@pytest.mark.parametrize("times", [1, 12])
def test_client_search_takes_few_statements(
    staff_client, ana, create_sign_in_failures, times, typed, django_assert_max_num_queries
):
    create_sign_in_failures(times)
    browser = staff_client()
    browser.post(SUPPORT_URL, {"typed": typed})

    with django_assert_max_num_queries(MAX_QUERIES):
        assert browser.post(SUPPORT_URL, {"typed": typed}).status_code == 200


def test_attempts_fixture_is_not_empty(acme, create_sign_in_failures):
    create_sign_in_failures(12)

    with use_business(acme):
        assert Challenge.objects.count() == 24
