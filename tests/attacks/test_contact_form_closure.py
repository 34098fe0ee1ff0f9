"""U11: strangers who send very many contact forms do not close the form for everybody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from portal.intake.form_limits import FormSender, TooManyForms, check_form_limit
from portal.intake.form_tokens import issue_form_token, issue_wait_token
from portal.intake.models import Enquiry
from portal.messaging.models import Notification
from tenants.context import use_business
from tests.factories import create_member
from tests.portal.intake.contact_form_steps import NEW

pytestmark = pytest.mark.slow

PER_NETWORK = 10


@pytest.fixture(autouse=True)
def _default_contact_form_limits(settings):
    settings.CONTACT_FORMS_PER_IP, settings.CONTACT_FORMS_PER_BUSINESS = "10/10 minutes", "200/hour"


@pytest.fixture
def small_limit(settings):
    """Let the business receive twenty forms an hour, fifteen of them from whoever comes."""
    settings.CONTACT_FORMS_PER_BUSINESS = "20/hour"


def send_form(visitor, form_token="", **more):
    """Send a form that was open for a minute."""
    form_token = form_token or issue_form_token(visitor.business, now=timezone.now() - timedelta(minutes=1))
    return visitor.browser.post("/contact/", {"form_token": form_token} | NEW | more)


def send_forms_from_networks(open_visitor, business, networks, *, forms=PER_NETWORK):
    """Send forms from each of some networks, and return how many were received."""
    senders = [open_visitor(business, REMOTE_ADDR=f"198.51.{network}.9") for network in range(networks)]
    return sum(send_form(sender).status_code == 302 for sender in senders for _form in range(forms))


def test_two_hundred_forms_from_twenty_networks_leave_the_form_open_to_others(acme, open_visitor):
    assert send_forms_from_networks(open_visitor, acme, 20) == 150 + 5

    answers = [send_form(open_visitor(acme)).status_code for _sender in range(20)]

    assert answers == [302] * 20


def test_a_client_who_is_signed_in_writes_from_a_network_that_has_spent_its_share(acme, signed_in_ana, open_visitor):
    send_forms_from_networks(open_visitor, acme, 20)
    signed_in_ana.browser.defaults["REMOTE_ADDR"] = "198.51.19.200"

    assert send_form(signed_in_ana).status_code == 302


def test_a_recognised_browser_writes_from_a_network_that_has_spent_its_share(
    acme, signed_in_ana, open_visitor, small_limit
):
    send_forms_from_networks(open_visitor, acme, 3)
    signed_in_ana.browser.post("/sign-out/")
    signed_in_ana.browser.defaults["REMOTE_ADDR"] = "198.51.2.200"

    assert send_form(signed_in_ana).status_code == 302


def test_a_client_sends_no_more_forms_than_a_network(acme, signed_in_ana, open_visitor):
    statuses = []
    for network in range(PER_NETWORK + 2):
        signed_in_ana.browser.defaults["REMOTE_ADDR"] = f"10.77.{network}.1"
        statuses.append(send_form(signed_in_ana).status_code)

    assert statuses == [302] * PER_NETWORK + [429] * 2


def is_counted(business, known):
    """Tell whether a form is received, from a block that is the same for all, of a known sender or of a stranger."""
    sender = FormSender(block="198.51.0.0", has_waited=False, is_client=bool(known), identify=lambda: known)
    try:
        with use_business(business):
            check_form_limit(business, sender, now=timezone.now())
    except TooManyForms:
        return False
    return True


def test_a_client_is_served_like_a_stranger_when_other_clients_have_spent_what_is_kept_for_them(acme, small_limit):
    assert all(is_counted(acme, f"client {number}") for number in range(20))

    assert is_counted(acme, "client 20")


def test_a_few_clients_do_not_spend_what_is_kept_for_all_of_them(acme, small_limit):
    strangers = sum(is_counted(acme, "") for _form in range(PER_NETWORK * 2))
    few = [is_counted(acme, f"client {number}") for number in range(4) for _form in range(PER_NETWORK)]

    assert (strangers, sum(few)) == (15 + 1, 4)
    assert is_counted(acme, "client 4")


def test_who_waits_sends_one_form_more(acme, open_visitor, small_limit, advance_time):
    send_forms_from_networks(open_visitor, acme, 3)
    sender = open_visitor(acme, REMOTE_ADDR="198.51.2.200")
    form_token = issue_form_token(acme, now=timezone.now() - timedelta(minutes=1))
    told = send_form(sender, form_token)
    wait_token = told.context["wait_token"]

    assert (told.status_code, told.headers["Retry-After"]) == (429, "30")
    assert NEW["message"] in told.content.decode()
    assert send_form(sender, form_token, wait_token=wait_token).status_code == 429
    advance_time(31)
    assert send_form(sender, wait_token=wait_token).status_code == 429
    assert send_form(sender, form_token, wait_token=wait_token).status_code == 302


def test_forged_wait_tokens_gain_nothing(acme, open_visitor, small_limit):
    send_forms_from_networks(open_visitor, acme, 3)
    sender = open_visitor(acme, REMOTE_ADDR="198.51.2.200")
    other = issue_wait_token(uuid4(), now=timezone.now() - timedelta(minutes=1))

    assert {send_form(sender, wait_token=text).status_code for text in ("x", ":", "\x00", "x" * 9000, other)} == {429}


def test_waiting_from_few_networks_does_not_close_the_form(acme, open_visitor, small_limit, advance_time):
    """Fifteen forms for whoever comes, and of the five that are left two networks take two each."""
    send_forms_from_networks(open_visitor, acme, 2, forms=9)
    for network in (0, 1):
        sender = open_visitor(acme, REMOTE_ADDR=f"198.51.{network}.200")
        for _form in range(3):
            form_token = issue_form_token(acme, now=timezone.now() - timedelta(minutes=1))
            told = send_form(sender, form_token)
            advance_time(31)
            send_form(sender, form_token, wait_token=(told.context or {}).get("wait_token", ""))

    with use_business(acme):
        assert Enquiry.objects.count() <= 19
    assert send_form(open_visitor(acme)).status_code == 302


def test_staff_are_told_once_of_a_flood(acme, open_visitor, small_limit):
    person = create_member(acme, "owner").person
    send_forms_from_networks(open_visitor, acme, 3)
    for _sender in range(2):
        send_form(open_visitor(acme))

    with use_business(acme):
        [notification] = Notification.objects.filter(kind="contact-form-flood", person_id=person.pk)
    assert notification.subject == "The contact form receives very many messages"


def test_no_flood_is_reported_while_forms_are_few(acme, open_visitor, small_limit):
    create_member(acme, "owner")
    assert send_forms_from_networks(open_visitor, acme, 3, forms=5) == 15

    with use_business(acme):
        assert not Notification.objects.filter(kind="contact-form-flood").exists()
