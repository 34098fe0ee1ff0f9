"""Tests of the emails to owners about where webhooks go."""

import pytest

from portal.integrations.webhooks import endpoints
from portal.integrations.webhooks.models import WebhookEndpoint
from portal.integrations.webhooks.owner_emails import MAX_PER_PERIOD, PERIOD
from tenants.context import use_business
from tenants.models import Business, BusinessStatus, Person, StaffEmail
from tests.factories import create_member

PAGES = "/console/acme/settings/webhooks/"
URL = "https://hooks.example.com/path-with-a-token"
ELSEWHERE = "https://elsewhere.example.org:8443/path-with-a-token"


@pytest.fixture
def owner(acme, outbox) -> Person:
    return create_member(acme, "owner").person


@pytest.fixture
def planted(acme, owner, outbox, clock) -> WebhookEndpoint:
    """A webhook of which the owners know."""
    with use_business(acme):
        endpoint = endpoints.add_endpoint(business=acme, url=URL, staff=None, now=clock())
    StaffEmail.objects.all().delete()
    return endpoint


def list_webhook_mails(outbox) -> list[dict]:
    """Deliver what is due, and return the mails about webhooks, in English or German."""
    outbox.deliver_due()
    return [mail for mail in outbox.sent() if "webhook" in mail["subject"].lower()]


def change(endpoint, *, business, now, **changes):
    names = ("url", "description", "event_types", "is_enabled")
    fields = {name: getattr(endpoint, name) for name in names} | changes
    with use_business(business):
        endpoints.change_endpoint(endpoint=endpoint, business=business, staff=None, now=now, **fields)


def test_every_owner_is_mailed_when_a_webhook_is_added(acme, owner, staff_client, outbox):
    browser = staff_client("manager")
    browser.post(PAGES + "new/", {"url": URL})
    mails = list_webhook_mails(outbox)

    owners = Person.objects.filter(memberships__business=acme, memberships__role="owner")
    assert {mail["to"] for mail in mails} == {person.email for person in owners} >= {owner.email}
    for mail in mails:
        assert mail["subject"] == f"New webhook for {acme.name}"
        for text in (mail["text"], mail["html"]):
            assert "hooks.example.com" in text
            assert "Manager of Acme" in text
            assert f"{PAGES}\n" in text or f"{PAGES}<" in text
            assert "token" not in text


def test_no_secret_is_in_the_mail(acme, owner, staff_client, outbox, clock):
    staff_client("manager").post(PAGES + "new/", {"url": URL})
    with use_business(acme):
        [secret] = endpoints.list_signing_secrets(WebhookEndpoint.objects.get(), now=clock())

    mails = list_webhook_mails(outbox)
    assert mails
    assert secret not in str(mails)


def test_owners_are_mailed_when_a_url_changes(acme, planted, owner, staff_client, outbox):
    form = {"url": ELSEWHERE, "is_enabled": "on"}
    staff_client("manager").post(f"{PAGES}{planted.pk}/edit/", form)
    mail = next(mail for mail in list_webhook_mails(outbox) if mail["to"] == owner.email)

    assert mail["subject"] == f"New address of a webhook of {acme.name}"
    assert "told to elsewhere.example.org." in mail["text"]
    assert "Manager of Acme" in mail["text"]


def test_owners_are_not_mailed_when_something_else_changes(planted, staff_client, outbox):
    browser, page = staff_client("manager"), f"{PAGES}{planted.pk}/edit/"
    browser.post(page, {"url": URL, "is_enabled": "on", "description": "CRM"})
    browser.post(page, {"url": URL, "event_types": ["client.created"]})

    assert list_webhook_mails(outbox) == []


def test_a_url_that_was_read_before_a_colleague_changed_it_counts_as_changed(acme, planted, owner, outbox, clock):
    with use_business(acme):
        read_before = WebhookEndpoint.objects.get(pk=planted.pk)
    change(planted, business=acme, now=clock(), url=ELSEWHERE)
    StaffEmail.objects.all().delete()
    change(read_before, business=acme, now=clock(), url=URL)

    assert {mail["to"] for mail in list_webhook_mails(outbox)} >= {owner.email}


def test_a_webhook_that_was_removed_at_once_is_told_all_the_same(acme, owner, staff_client, outbox):
    browser = staff_client("manager")
    browser.post(PAGES + "new/", {"url": URL})
    with use_business(acme):
        browser.post(f"{PAGES}{WebhookEndpoint.objects.get().pk}/removal/")

    assert {mail["to"] for mail in list_webhook_mails(outbox)} >= {owner.email}


def test_the_mail_is_in_the_language_of_the_business(acme, owner, staff_client, outbox):
    Business.objects.filter(pk=acme.pk).update(language="de")
    staff_client("manager").post(PAGES + "new/", {"url": URL})
    mail = next(mail for mail in list_webhook_mails(outbox) if mail["to"] == owner.email)

    assert mail["subject"] == f"Neuer Webhook für {acme.name}"


def test_somebody_who_changes_a_url_on_and_on_does_not_flood_the_owners(acme, planted, owner, clock):
    for number in range(MAX_PER_PERIOD + 2):
        change(planted, business=acme, now=clock(), url=f"{URL}/{number}")
    assert StaffEmail.objects.filter(person=owner).count() == MAX_PER_PERIOD

    clock.now += PERIOD
    change(planted, business=acme, now=clock(), url=ELSEWHERE)
    assert StaffEmail.objects.filter(person=owner).count() == MAX_PER_PERIOD + 1


def test_the_mails_of_one_business_do_not_count_for_another(acme, globex, planted, clock):
    for number in range(MAX_PER_PERIOD):
        change(planted, business=acme, now=clock(), url=f"{URL}/{number}")
    StaffEmail.objects.exclude(data__business_id=str(acme.pk)).delete()
    with use_business(globex):
        endpoints.add_endpoint(business=globex, url=URL, staff=None, now=clock())

    assert StaffEmail.objects.filter(data__business_id=str(globex.pk)).exists()


def test_nobody_is_mailed_about_a_closed_business(acme, owner, staff_client, outbox):
    staff_client("manager").post(PAGES + "new/", {"url": URL})
    Business.objects.filter(pk=acme.pk).update(status=BusinessStatus.CLOSED)

    assert list_webhook_mails(outbox) == []


def test_an_owner_who_is_gone_is_not_mailed(owner, staff_client, outbox):
    staff_client("manager").post(PAGES + "new/", {"url": URL})
    Person.objects.filter(pk=owner.pk).update(is_active=False)

    assert owner.email not in {mail["to"] for mail in list_webhook_mails(outbox)}
