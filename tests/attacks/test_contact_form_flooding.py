"""U11, T12, L25, P8: sending the contact form a thousand times gains nothing."""

from collections import Counter
from datetime import timedelta

import pytest
from cachetools import TTLCache
from django.utils import timezone

from portal.intake.form_tokens import issue_form_token
from portal.intake.models import Enquiry
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Delivery, Queue
from tests.attacks.concurrent_tasks import run_concurrently
from tests.captured_statements import capture_statements
from tests.portal.intake.contact_form_steps import FORM_TOKEN, NEW, open_contact_form

pytestmark = pytest.mark.slow

PER_NETWORK = 10
FORM_DATA = NEW | {"mobile": "+4915112345678"}
SAME_NETWORK = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture(autouse=True)
def _default_contact_form_limits(settings):
    settings.CONTACT_FORMS_PER_IP, settings.CONTACT_FORMS_PER_BUSINESS = "10/10 minutes", "200/hour"


@pytest.fixture
def advance_time(time_machine):
    """Return a function that lets seconds pass on a clock that otherwise stands."""
    from datetime import UTC, datetime

    time_machine.move_to(datetime.now(UTC), tick=False)
    return time_machine.shift


@pytest.fixture
def cached_hosts(monkeypatch, settings):
    """Keep what a process knows of hosts for the length of a test, however slow the machine."""
    settings.HOST_CACHE_SECONDS = 600
    monkeypatch.setattr(hostnames, "known_hosts", TTLCache(10, settings.HOST_CACHE_SECONDS))


def open_contact_forms(visitor, number):
    return [open_contact_form(visitor.browser) for _form in range(number)]


def post_contact_form(visitor, form_token):
    return visitor.browser.post("/contact/", {"form_token": form_token} | FORM_DATA)


def count_enquiries(business):
    with use_business(business):
        return Enquiry.objects.count()


def test_one_network_may_send_ten_forms_and_is_told_when_to_retry(acme, open_visitor, advance_time):
    forms = open_contact_forms(open_visitor(acme), PER_NETWORK + 2)
    advance_time(10)

    answers = [post_contact_form(open_visitor(acme, **SAME_NETWORK), form_token) for form_token in forms]

    assert [answer.status_code for answer in answers] == [302] * PER_NETWORK + [429] * 2
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 600
    assert count_enquiries(acme) == PER_NETWORK
    advance_time(601)
    assert (
        post_contact_form(open_visitor(acme, **SAME_NETWORK), open_contact_forms(open_visitor(acme), 1)[0]).status_code
        == 422
    )


@pytest.mark.parametrize(
    "networks",
    [
        [{"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"} for n in range(12)],
        [{"REMOTE_ADDR": f"2001:db8:1:2:{n:x}:aaaa:bbbb:{n:x}"} for n in range(12)],
    ],
    ids=["forwarded for others", "one IPv6 subscriber"],
)
def test_forged_addresses_do_not_raise_the_limit(acme, open_visitor, advance_time, networks):
    forms = open_contact_forms(open_visitor(acme), len(networks))
    advance_time(10)

    statuses = [
        post_contact_form(open_visitor(acme, **network), form_token).status_code
        for network, form_token in zip(networks, forms, strict=True)
    ]

    assert Counter(statuses) == {302: PER_NETWORK, 429: 2}


def test_the_limit_of_a_business_holds_across_networks_and_keeps_the_input(acme, open_visitor, advance_time, settings):
    settings.CONTACT_FORMS_PER_BUSINESS = "5/hour"
    forms = open_contact_forms(open_visitor(acme), 7)
    advance_time(10)

    answers = [post_contact_form(open_visitor(acme), form_token) for form_token in forms]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 2
    page = answers[-1].content.decode()
    assert NEW["message"] in page
    assert FORM_TOKEN.search(page)[1] == forms[-1]
    assert count_enquiries(acme) == 5


def test_rejected_forms_do_not_count_towards_the_limit_of_a_business(acme, open_visitor, advance_time, settings):
    settings.CONTACT_FORMS_PER_BUSINESS = "1/hour"
    [form] = open_contact_forms(open_visitor(acme), 1)
    for _bad in range(5):
        assert open_visitor(acme).browser.post("/contact/", {"form_token": form}).status_code == 422
    advance_time(10)

    assert post_contact_form(open_visitor(acme), form).status_code == 302


def test_limits_are_separate_for_each_business(acme, globex, open_visitor, advance_time, settings):
    settings.CONTACT_FORMS_PER_IP, settings.CONTACT_FORMS_PER_BUSINESS = "2/10 minutes", "2/hour"
    acme_tokens, globex_tokens = (
        open_contact_forms(open_visitor(acme), 3),
        open_contact_forms(open_visitor(globex), 2),
    )
    advance_time(10)

    assert [
        post_contact_form(open_visitor(acme, **SAME_NETWORK), form_token).status_code for form_token in acme_tokens
    ] == [
        302,
        302,
        429,
    ]
    assert [
        post_contact_form(open_visitor(globex, **SAME_NETWORK), form_token).status_code for form_token in globex_tokens
    ] == [302, 302]


def test_contact_form_settings_are_separate_for_each_business(acme, globex, open_visitor):
    from portal.intake.models import ContactFormSettings

    with use_business(acme):
        ContactFormSettings.objects.create(is_on=False)

    for _time in range(2):
        assert open_visitor(acme).browser.get("/contact/").status_code == 404
        assert open_visitor(globex).browser.get("/contact/").status_code == 200


def test_a_thousand_forms_a_minute_do_not_delay_codes(acme, ana, open_visitor, advance_time, outbox, cached_hosts):
    open_visitor(acme).browser.get("/sign-in/")
    # What a page would have carried: to open a thousand is no part of the flood.
    forms = [issue_form_token(acme, now=timezone.now()) for _form in range(1000)]
    advance_time(10)
    quiet = count_statements(open_visitor(acme).request_code, status=302)

    statuses = Counter(
        post_contact_form(open_visitor(acme, **SAME_NETWORK), form_token).status_code for form_token in forms[1:]
    )
    sender = open_visitor(acme, **SAME_NETWORK)
    refusal = count_statements(lambda: post_contact_form(sender, forms[0]), status=429)

    assert statuses == {302: PER_NETWORK, 429: 999 - PER_NETWORK}
    assert count_enquiries(acme) == PER_NETWORK
    assert set(Delivery.objects.values_list("queue", flat=True)) == {Queue.CODES}
    # Whoever is refused asks nothing of the database, and nobody else pays for it.
    assert refusal == 0
    assert count_statements(open_visitor(acme).request_code, status=302) <= quiet
    outbox.deliver_due()
    assert len(outbox.sent()) == 2


def test_twenty_concurrent_submissions_create_one_enquiry(committed_db, acme, open_visitor, settings):
    form_token = issue_form_token(acme, now=timezone.now() - timedelta(minutes=1))

    answers = run_concurrently(
        lambda visitor: post_contact_form(visitor, form_token).status_code, [open_visitor(acme) for _press in range(20)]
    )

    assert Counter(answers) == {302: 20}
    assert count_enquiries(acme) == 1


def count_statements(action, *, status):
    """Return how many statements a request took."""
    with capture_statements() as captured:
        assert action().status_code == status
    return len(captured.sent)
