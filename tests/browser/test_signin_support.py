"""Staff find out in a browser why a code did not arrive, and put it right."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from portal.clients.models import Client
from portal.clients.services import update_search_text
from portal.messaging.models import Suppression
from tenants import provider_events
from tenants.context import use_business
from tenants.models import Delivery, DeliveryState, Outage, ProviderEvent, SupportTicket
from tests.browser.accessibility_checks import WCAG, find_accessibility_violations
from tests.browser.browser_user import BrowserUser
from tests.browser.console.notifications_page import NotificationsPage
from tests.browser.console.signin_support_pages import SignInDiagnosisPage, SignInSupportPage, SupportTicketListPage
from tests.browser.live_portal import LivePortal
from tests.browser.page_states import ANA
from tests.browser.staff_user import StaffUser
from workers.actors.delivery_jobs import apply_event
from workers.actors.suppressions import remove_suppression

pytestmark = pytest.mark.browser


@pytest.fixture
def sabine(sabine, portal) -> StaffUser:
    """Sabine's browser. She is signed in, and every client can be found by a search."""
    with use_business(portal.business):
        update_search_text(Client.objects.values_list("pk", flat=True))
    sabine.set_session_cookie()
    return sabine


@pytest.fixture
def report_delivery(portal) -> Callable[..., None]:
    """Return a function by which the provider reports on the newest delivery."""

    def report_delivery(state: DeliveryState, reason: str = "") -> None:
        delivery, now = Delivery.objects.latest("created_at"), timezone.now()
        fields = {"provider": "demo", "provider_event_id": f"{delivery.pk}/{state}", "delivery_id": delivery.pk}
        event = ProviderEvent(**fields, state=state, reason=reason, happened_at=now, received_at=now)
        [stored] = provider_events.store_events([event])
        apply_event(stored, now=now)

    return report_delivery


def open_diagnosis_of_ana(sabine: StaffUser) -> SignInDiagnosisPage:
    """Search for Ana's address, as one does while she is on the phone, and open her diagnosis."""
    support_page = SignInSupportPage.open(sabine)
    support_page.search(ANA)
    return support_page.open_diagnosis("Ana Pereira")


def process_suppression_removal(portal: LivePortal) -> None:
    """Do the worker's part of lifting a block."""
    with use_business(portal.business):
        block = Suppression.objects.get()
    remove_suppression.fn(business_id=str(portal.business.pk), suppression_id=str(block.pk))


def assert_accessible(user: BrowserUser) -> None:
    """Assert that axe finds nothing on the page that WCAG forbids, at every size, in light and dark mode."""
    assert find_accessibility_violations(user, rules=WCAG) == []


def test_staff_see_a_bounce_live_and_remove_the_suppression(portal, ana, sabine, report_delivery, outbox):
    ana.request_code(ANA)
    diagnosis_page = open_diagnosis_of_ana(sabine)
    expect(diagnosis_page.summary).to_contain_text("Queued for sending")
    assert_accessible(sabine)

    outbox.deliver_due()
    expect(diagnosis_page.summary).to_contain_text("Accepted by the provider")
    report_delivery(DeliveryState.BOUNCED, "sendgrid-bounced-address")
    expect(diagnosis_page.summary).to_contain_text("no longer sends to a•••@example.com")
    expect(sabine.locate_text("Earlier emails to this address bounced").first).to_be_visible()
    assert_accessible(sabine)

    diagnosis_page.remove_suppression()
    expect(sabine.locate_text("We have asked the provider to remove the suppression")).to_be_visible()
    process_suppression_removal(portal)
    expect(sabine.locate_text("Suppressed")).to_have_count(0)


def test_a_mistyped_address_finds_the_similar_one_on_file(ana, sabine):
    ana.request_code("ana@exmaple.com")
    support_page = SignInSupportPage.open(sabine)
    support_page.search("ana@exmaple.com")
    expect(support_page.similar_address_heading).to_be_visible()
    expect(sabine.locate_text("Somebody entered exactly this.")).to_be_visible()
    assert_accessible(sabine)

    diagnosis_page = support_page.open_diagnosis("Ana Pereira")
    expect(diagnosis_page.summary).to_contain_text("a•••@exmaple.com, which is not on file")
    assert_accessible(sabine)


def test_a_staff_issued_code_signs_the_client_in(ana, sabine):
    ana.request_code(ANA)
    issued_code_page = open_diagnosis_of_ana(sabine).issue_code()
    code = issued_code_page.code
    assert_accessible(sabine)

    ana.enter_code(code)
    ana.sign_out_button.wait_for()
    diagnosis_page = issued_code_page.finish()
    expect(diagnosis_page.summary).to_contain_text("Used: the code was correct")
    expect(sabine.locate_text("No sign-in in progress.")).to_be_visible()
    assert code not in sabine.main_text


def test_opening_a_ticket_is_recorded_on_the_activity_page(ana, sabine):
    ana.request_code(ANA)
    open_diagnosis_of_ana(sabine).contact_support()
    expect(sabine.locate_text("Ticket opened. Support sees the whole timeline")).to_be_visible()

    sabine.open_console("activity/")
    expect(sabine.main).to_contain_text("Opened a support ticket · Ana Pereira")
    assert_accessible(sabine)
    sabine.open_console("activity/?client=nobody")
    expect(sabine.locate_text("No entries match these filters.")).to_be_visible()


def test_an_outage_is_shown_on_the_home_page_and_in_sign_in_help(portal, sabine):
    Outage.objects.create(business=portal.business, channel="sms", started_at=timezone.now())
    for path in ("", "sign-in-help/"):
        sabine.open_console(path)
        expect(sabine.locate_text("Codes by text message are delayed")).to_be_visible()
        assert_accessible(sabine)


def test_ticket_without_client_is_opened_answered_and_closed(sabine):
    support_page = SignInSupportPage.open(sabine)
    support_page.search("nora.neu@elsewhere.example")
    ticket_page = support_page.contact_support()
    expect(sabine.main_heading).to_have_text("Somebody who entered nora.neu@elsewhere.example")
    assert_accessible(sabine)

    call_command(
        "tickets", str(SupportTicket.objects.latest("opened_at").pk), "--answer", "Their domain has no mailboxes."
    )
    NotificationsPage.open(sabine).open_ticket_answer()
    expect(sabine.locate_text("Their domain has no mailboxes.")).to_be_visible()

    ticket_page.close(resolution="We found the cause ourselves")
    expect(sabine.locate_text("We found the cause ourselves")).to_be_visible()
    expect(SupportTicketListPage.open(sabine).closed_badge).to_be_visible()
    assert_accessible(sabine)
