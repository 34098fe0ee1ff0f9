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
from tests.portal.intake.people import FORM_TOKEN, NEW, open_form
from tests.statements import capture_statements

pytestmark = pytest.mark.slow

PER_NETWORK = 10
FORM_DATA = NEW | {"mobile": "+4915112345678"}
SAME_NETWORK = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture(autouse=True)
def _default_limits(settings):
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


def collect_form_tokens(visitor, number):
    return [open_form(visitor.browser) for _form in range(number)]


def post_form(visitor, form_token):
    return visitor.browser.post("/contact/", {"form_token": form_token} | FORM_DATA)


def count_submissions(business):
    with use_business(business):
        return Enquiry.objects.count()


def test_one_network_sends_ten_and_learns_when_it_can_send_again(acme, open_visitor, advance_time):
    forms = collect_form_tokens(open_visitor(acme), PER_NETWORK + 2)
    advance_time(10)

    answers = [post_form(open_visitor(acme, **SAME_NETWORK), form_token) for form_token in forms]

    assert [answer.status_code for answer in answers] == [302] * PER_NETWORK + [429] * 2
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 600
    assert count_submissions(acme) == PER_NETWORK
    advance_time(601)
    assert (
        post_form(open_visitor(acme, **SAME_NETWORK), collect_form_tokens(open_visitor(acme), 1)[0]).status_code == 422
    )


@pytest.mark.parametrize(
    "networks",
    [
        [{"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"} for n in range(12)],
        [{"REMOTE_ADDR": f"2001:db8:1:2:{n:x}:aaaa:bbbb:{n:x}"} for n in range(12)],
    ],
    ids=["forwarded for others", "one IPv6 subscriber"],
)
def test_pretending_to_be_many_networks_buys_nothing(acme, open_visitor, advance_time, networks):
    forms = collect_form_tokens(open_visitor(acme), len(networks))
    advance_time(10)

    statuses = [
        post_form(open_visitor(acme, **network), form_token).status_code
        for network, form_token in zip(networks, forms, strict=True)
    ]

    assert Counter(statuses) == {302: PER_NETWORK, 429: 2}


def test_a_business_takes_no_more_than_its_share_from_all_networks_and_nothing_typed_is_lost(
    acme, open_visitor, advance_time, settings
):
    settings.CONTACT_FORMS_PER_BUSINESS = "5/hour"
    forms = collect_form_tokens(open_visitor(acme), 7)
    advance_time(10)

    answers = [post_form(open_visitor(acme), form_token) for form_token in forms]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 2
    page = answers[-1].content.decode()
    assert NEW["message"] in page
    assert FORM_TOKEN.search(page)[1] == forms[-1]
    assert count_submissions(acme) == 5


def test_forms_that_are_not_taken_use_up_no_share_of_the_business(acme, open_visitor, advance_time, settings):
    settings.CONTACT_FORMS_PER_BUSINESS = "1/hour"
    [form] = collect_form_tokens(open_visitor(acme), 1)
    for _bad in range(5):
        assert open_visitor(acme).browser.post("/contact/", {"form_token": form}).status_code == 422
    advance_time(10)

    assert post_form(open_visitor(acme), form).status_code == 302


def test_a_share_used_up_at_one_business_is_untouched_at_another(acme, globex, open_visitor, advance_time, settings):
    settings.CONTACT_FORMS_PER_IP, settings.CONTACT_FORMS_PER_BUSINESS = "2/10 minutes", "2/hour"
    acme_tokens, globex_tokens = (
        collect_form_tokens(open_visitor(acme), 3),
        collect_form_tokens(open_visitor(globex), 2),
    )
    advance_time(10)

    assert [post_form(open_visitor(acme, **SAME_NETWORK), form_token).status_code for form_token in acme_tokens] == [
        302,
        302,
        429,
    ]
    assert [
        post_form(open_visitor(globex, **SAME_NETWORK), form_token).status_code for form_token in globex_tokens
    ] == [302, 302]


def test_a_choice_of_one_business_is_not_shown_at_another(acme, globex, open_visitor):
    from portal.intake.models import ContactForm

    with use_business(acme):
        ContactForm.objects.create(is_on=False)

    for _time in range(2):
        assert open_visitor(acme).browser.get("/contact/").status_code == 404
        assert open_visitor(globex).browser.get("/contact/").status_code == 200


def test_a_thousand_forms_a_minute_leave_the_codes_of_others_as_they_were(
    acme, ana, open_visitor, advance_time, outbox, cached_hosts
):
    open_visitor(acme).browser.get("/sign-in/")
    # What a page would have carried: to open a thousand is no part of the flood.
    forms = [issue_form_token(acme, now=timezone.now()) for _form in range(1000)]
    advance_time(10)
    quiet = count_statements(open_visitor(acme).request_code, status=302)

    statuses = Counter(
        post_form(open_visitor(acme, **SAME_NETWORK), form_token).status_code for form_token in forms[1:]
    )
    sender = open_visitor(acme, **SAME_NETWORK)
    refusal = count_statements(lambda: post_form(sender, forms[0]), status=429)

    assert statuses == {302: PER_NETWORK, 429: 999 - PER_NETWORK}
    assert count_submissions(acme) == PER_NETWORK
    assert set(Delivery.objects.values_list("queue", flat=True)) == {Queue.CODES}
    # Whoever is refused asks nothing of the database, and nobody else pays for it.
    assert refusal == 0
    assert count_statements(open_visitor(acme).request_code, status=302) <= quiet
    outbox.deliver_due()
    assert len(outbox.sent()) == 2


def test_pressing_send_twenty_times_at_once_writes_one_form(committed_db, acme, open_visitor, settings):
    form_token = issue_form_token(acme, now=timezone.now() - timedelta(minutes=1))

    answers = run_concurrently(
        lambda visitor: post_form(visitor, form_token).status_code, [open_visitor(acme) for _press in range(20)]
    )

    assert Counter(answers) == {302: 20}
    assert count_submissions(acme) == 1


def count_statements(action, *, status):
    """Return how many statements a request took."""
    with capture_statements() as captured:
        assert action().status_code == status
    return len(captured.sent)
