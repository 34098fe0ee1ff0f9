"""Tests of the texts of reason codes, and of the codes for what providers report."""

import pytest
from django.utils import translation

from portal.messaging import failure_reasons
from portal.messaging.suppressions import SUPPRESSING_REASONS


@pytest.mark.parametrize("code", failure_reasons.REASONS)
def test_every_reason_has_a_text_and_a_next_step_and_fits_its_column(code):
    reason = failure_reasons.explain_failure_reason(code)

    assert str(reason.text).endswith(".")
    assert str(reason.next_step).endswith(".")
    assert len(code) <= 40


@pytest.mark.parametrize("number", [21211, 21408, 21610, 21612, 21614, *range(30001, 30009), 30032, 30034])
def test_common_twilio_errors_have_their_own_texts(number):
    assert failure_reasons.explain_failure_reason(f"twilio-{number}") is not failure_reasons.FALLBACK_REASONS["twilio"]


@pytest.mark.parametrize("code", ["twilio-99999", "sendgrid-new", "nonsense", ""])
def test_an_unknown_reason_has_a_general_text(code):
    assert str(failure_reasons.explain_failure_reason(code).text)


@pytest.mark.parametrize(
    ("event", "kind", "status", "provider_text", "code"),
    [
        ("dropped", "", "", "Bounced Address", "sendgrid-bounced-address"),
        ("dropped", "", "", "Unsubscribed Address", "sendgrid-unsubscribed"),
        ("dropped", "", "", "Spam Reporting Address", "sendgrid-spam-reporting"),
        ("dropped", "", "", "Spam Content (if spam checker app enabled)", "sendgrid-spam-content"),
        ("dropped", "", "", "Invalid SMTPAPI header", "sendgrid-dropped"),
        ("dropped", "", "", "Invalid", "sendgrid-invalid"),
        ("dropped", "", "", "Recipient List over Package Quota", "sendgrid-over-quota"),
        ("dropped", "", "", "Something new", "sendgrid-dropped"),
        ("bounce", "bounce", "5.1.1", "550 5.1.1 The email account does not exist", "mailbox-unknown"),
        ("bounce", "bounce", "5.2.2", "552 mailbox full", "mailbox-full"),
        ("bounce", "bounce", "5.2.1", "550 5.2.1 disabled", "mailbox-disabled"),
        ("bounce", "bounce", "", "550 no such user here", "mailbox-unknown"),
        ("bounce", "bounce", "5.4.4", "host not found", "domain-unknown"),
        ("bounce", "blocked", "5.7.1", "554 5.7.1 listed", "blocked"),
        ("bounce", "blocked", "5.7.26", "550 5.7.26 unauthenticated", "sender-not-trusted"),
        ("bounce", "blocked", "", "no words we know", "blocked"),
        ("bounce", "bounce", "", "no words we know", "bounced"),
        ("bounce", "bounce", "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "mailbox-unknown"),
        ("bounce", "bounce", "5.7.1", "550 5.7.1 blocked", "blocked-suppressed"),
        ("bounce", "blocked", "5.1.1", "550 5.1.1 user unknown", "blocked"),
        ("bounce", "blocked", "4.2.2", "452 mailbox full", "mailbox-full"),
        ("bounce", "", "", "x" * 999 + "mailbox" * 1000 + " full", "bounced"),
        ("deferred", "", "", "451 4.7.1 Greylisting in action", "greylisted"),
        ("deferred", "", "", "452 4.2.2 mailbox full", "mailbox-full"),
        ("deferred", "", "", "421 try again later", "deferred"),
    ],
)
def test_sendgrid_events_are_mapped_to_reasons(event, kind, status, provider_text, code):
    assert failure_reasons.map_sendgrid_event(event=event, kind=kind, text=provider_text, status=status) == code
    assert code in failure_reasons.REASONS


@pytest.mark.parametrize(
    ("provider_text", "status"),
    [("550 5.1.1 user unknown", "5.1.1"), ("550 5.2.1 disabled", "5.2.1"), ("no words we know", ""), ("no mx", "")],
)
def test_a_mail_that_was_blocked_suppresses_no_address(provider_text, status):
    code = failure_reasons.map_sendgrid_event(event="bounce", kind="blocked", text=provider_text, status=status)

    assert code not in SUPPRESSING_REASONS


def test_reasons_are_in_the_reader_s_language():
    with translation.override("en"):
        english = str(failure_reasons.explain_failure_reason("mailbox-full").text)

    assert english == "The mailbox is full."
