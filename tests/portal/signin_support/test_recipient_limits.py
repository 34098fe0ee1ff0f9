"""Tests of what staff are told when an address had too many messages over all businesses."""

from datetime import timedelta

import pytest

from portal.access.models import Challenge
from tenants.context import use_business
from tests.portal.signin_support.conftest import SUPPORT_URL


@pytest.fixture(autouse=True)
def _one_code_an_hour(settings):
    settings.RECIPIENT_MESSAGES_PER_HOUR = 1


def test_staff_read_that_an_address_is_sent_no_more_codes_and_what_to_do(
    staff_client, read_page, ana, signing_in_client
):
    for _attempt in range(2):
        signing_in_client.request_code()

    text = read_page(staff_client("staff"), f"{SUPPORT_URL}clients/{ana.pk}/")

    assert "Many codes were requested for this address" in text
    assert "create a link for the client" in text
    assert "Error from the server" not in text


def test_a_resend_by_staff_says_if_the_address_is_sent_no_more_codes(
    staff_client, ana, signing_in_client, acme, make_older
):
    challenge = signing_in_client.request_code()
    make_older(timedelta(minutes=1))

    path = f"{SUPPORT_URL}clients/{ana.pk}/attempts/{challenge.pk}/resend/"
    answer = staff_client("staff").post(path, {"channel": "email"})

    [message] = answer.wsgi_request._messages
    assert "Create a link to start signing in instead." in str(message)
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 1
