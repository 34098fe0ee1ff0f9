"""Does sign-in help cost the same few statements, however much happened?"""

from datetime import timedelta

import pytest

from portal.access.models import Challenge
from portal.messaging.models import Suppression
from tenants.context import use_business
from tests.factories import ClientFactory, ContactFactory
from tests.portal.access.sign_in import ANA
from tests.portal.signin_support.conftest import HELP

MOST = 12


@pytest.fixture
def trouble(acme, ana, waiting, later, now, settings):
    """Return a function that lets a lot go wrong."""
    settings.LOGIN_SENDS_PER_HOUR = settings.LOGIN_SENDS_PER_DAY = 1000

    def trouble(times: int) -> None:
        for number in range(times):
            waiting.ask()
            waiting.ask(f"ana{number}@example.com")
            waiting.type("000000")
            later(timedelta(seconds=1))
        with use_business(acme):
            for number in range(times):
                value = f"ana.{number}@example.org"
                ContactFactory(client=ana, value=value)
                Suppression.objects.create(value=value, channel="email", reason="bounced", since=now)
                ClientFactory(name=f"Ana {number}", email=ANA)

    return trouble


@pytest.mark.parametrize("times", [1, 12])
def test_the_page_of_a_client(staff_client, ana, trouble, times, django_assert_max_num_queries):
    trouble(times)
    browser = staff_client()
    for path in ("", "live/"):
        browser.get(f"{HELP}clients/{ana.pk}/{path}")
        with django_assert_max_num_queries(MOST):
            assert browser.get(f"{HELP}clients/{ana.pk}/{path}").status_code == 200


@pytest.mark.parametrize("typed", [ANA, "ana@exmaple.com", "ana0@example.com"])
@pytest.mark.parametrize("times", [1, 12])
def test_looking_for_somebody(staff_client, ana, trouble, times, typed, django_assert_max_num_queries):
    trouble(times)
    browser = staff_client()
    browser.post(HELP, {"typed": typed})

    with django_assert_max_num_queries(MOST):
        assert browser.post(HELP, {"typed": typed}).status_code == 200


def test_attempts_are_really_there(acme, trouble):
    trouble(12)

    with use_business(acme):
        assert Challenge.objects.count() == 24
