"""Tests of the console's pages about webhooks."""

import pytest

from portal.activity.models import Entry
from portal.integrations.kinds import IntegrationEvent
from portal.integrations.webhooks import endpoints
from portal.integrations.webhooks.models import WebhookAttempt, WebhookEndpoint
from tenants.context import use_business
from tenants.models import WebhookDelivery
from tests.factories import create_member

PAGES = "/console/acme/settings/webhooks/"


@pytest.fixture
def browser(staff_client):
    return staff_client("manager")


def read(response):
    return response.content.decode()


def test_a_manager_adds_a_webhook(acme, browser, sink):
    response = browser.post(PAGES + "new/", {"url": sink.url, "description": "CRM", "event_types": ["client.created"]})
    with use_business(acme):
        endpoint = WebhookEndpoint.objects.get()
        assert Entry.objects.filter(event_type=IntegrationEvent.WEBHOOK_ADDED, actor="staff").exists()

    assert response.url == f"{PAGES}{endpoint.pk}/"
    assert (endpoint.description, endpoint.event_types, endpoint.is_enabled) == ("CRM", ["client.created"], True)
    assert "CRM" in read(browser.get(PAGES))


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("", "Enter the address that we send to."),
        ("http://example.com/", "begins with https://"),
        ("https://10.0.0.1/", "not on the public internet"),
        ("https://example.com:25/", "Use port 443"),
        ("https://user:word@example.com/", "no valid address"),
    ],
)
def test_an_address_that_nothing_can_be_sent_to_is_refused_with_a_reason(acme, browser, url, text):
    response = browser.post(PAGES + "new/", {"url": url})

    assert response.status_code == 422
    assert text in read(response)


def test_the_eleventh_webhook_is_refused(acme, browser, sink, clock):
    with use_business(acme):
        for _number in range(endpoints.MAX_ENDPOINTS):
            endpoints.add_endpoint(business=acme, url=sink.url, staff=None, now=clock())
    response = browser.post(PAGES + "new/", {"url": sink.url})

    assert response.status_code == 422
    assert "as many webhooks as you may" in read(response)


def test_switching_a_webhook_off_and_on(acme, endpoint, browser, sink):
    page = f"{PAGES}{endpoint.pk}/edit/"
    browser.post(page, {"url": sink.url})
    assert "Switched off" in read(browser.get(PAGES))
    browser.post(page, {"url": sink.url, "is_enabled": "on"})

    assert "Switched off" not in read(browser.get(PAGES))


def test_the_secret_is_shown_on_demand_and_that_is_recorded(acme, endpoint, browser, clock):
    with use_business(acme):
        [secret] = endpoints.list_signing_secrets(endpoint, now=clock())
    page = f"{PAGES}{endpoint.pk}/"

    assert secret not in read(browser.get(page))
    response = browser.post(page + "secret/")
    assert secret in read(response)
    assert response["Cache-Control"] == "no-store"
    with use_business(acme):
        assert Entry.objects.filter(event_type=IntegrationEvent.WEBHOOK_SECRET_SHOWN).exists()


def test_a_new_secret_replaces_the_old_one(acme, endpoint, browser, clock):
    with use_business(acme):
        [old] = endpoints.list_signing_secrets(endpoint, now=clock())
    shown = read(browser.post(f"{PAGES}{endpoint.pk}/secret/", {"new": "yes"}))
    with use_business(acme):
        endpoint.refresh_from_db()
        [new, previous] = endpoints.list_signing_secrets(endpoint, now=clock())

    assert previous == old
    assert new in shown


def test_a_test_is_sent_and_its_answer_shown(acme, endpoint, browser, sink, worker, clock):
    browser.post(f"{PAGES}{endpoint.pk}/test/")
    clock.move(minutes=1)
    worker.send_all_due()
    page = read(browser.get(f"{PAGES}{endpoint.pk}/"))
    with use_business(acme):
        attempt = WebhookAttempt.objects.get()
    shown = read(browser.get(f"{PAGES}{endpoint.pk}/attempts/{attempt.pk}/"))

    assert "webhook.test" in page
    assert "Received (200)." in page
    assert "This is a test." in shown
    assert "fine" in shown


def test_an_event_is_sent_again_from_the_log(acme, endpoint, browser, change_client, worker):
    event_id = change_client()
    worker.send_all_due()
    browser.post(f"{PAGES}{endpoint.pk}/replay/", {"event": event_id})

    assert [str(each.event_id) for each in WebhookDelivery.objects.all()] == [event_id]


def test_the_last_hour_is_sent_again(acme, endpoint, browser, change_client, worker):
    change_client()
    worker.send_all_due()
    response = browser.post(f"{PAGES}{endpoint.pk}/replay/", {"period": "hour"}, follow=True)

    assert "1 event is on its way again." in read(response)


@pytest.mark.parametrize("asked", [{}, {"event": "x"}, {"period": "century"}, {"event": "\0"}])
def test_nothing_else_can_be_replayed(acme, endpoint, browser, asked):
    assert browser.post(f"{PAGES}{endpoint.pk}/replay/", asked).status_code == 404


def test_a_webhook_is_removed(acme, endpoint, browser):
    browser.post(f"{PAGES}{endpoint.pk}/removal/")

    assert "No webhooks yet." in read(browser.get(PAGES))


def test_an_answer_with_markup_is_shown_as_text(acme, endpoint, browser, sink, worker, change_client):
    sink.answer = lambda _request: (
        lambda file: file.write(b"HTTP/1.1 500 No\r\nContent-Length: 25\r\n\r\n<script>alert(1)</script>")
    )
    change_client()
    worker.send_all_due()
    with use_business(acme):
        attempt = WebhookAttempt.objects.get()

    assert "<script>alert" not in read(browser.get(f"{PAGES}{endpoint.pk}/attempts/{attempt.pk}/"))


def test_another_business_s_webhook_is_not_found(acme, globex, endpoint, staff_client):
    stranger = staff_client("owner", globex)
    create_member(globex, "owner")

    assert stranger.get(f"/console/globex/settings/webhooks/{endpoint.pk}/").status_code == 404
