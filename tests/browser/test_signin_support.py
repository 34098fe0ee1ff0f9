"""Staff find out in a browser why a code did not arrive, and put it right."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Locator, expect

from portal.clients.models import Client
from portal.clients.services import update_search_text
from portal.messaging.models import Suppression
from tenants import provider_events
from tenants.context import use_business
from tenants.models import Delivery, DeliveryState, Outage, ProviderEvent, Ticket
from tests.browser.accessibility import WCAG, find_accessibility_violations
from tests.browser.browser_user import BrowserUser
from tests.browser.live_portal import LivePortal
from tests.browser.page_states import ANA
from workers.actors.delivery_jobs import apply_event
from workers.actors.suppressions import remove_suppression

pytestmark = pytest.mark.browser


@pytest.fixture
def sabine(sabine, portal) -> BrowserUser:
    """Sabine, signed in."""
    with use_business(portal.business):
        update_search_text(Client.objects.values_list("pk", flat=True))
    sabine.set_session_cookie()
    return sabine


@pytest.fixture
def report_delivery(portal) -> Callable[..., None]:
    """Return a function by which the provider reports on the newest delivery."""

    def report(state: DeliveryState, reason: str = "") -> None:
        delivery, now = Delivery.objects.latest("created_at"), timezone.now()
        fields = {"provider": "demo", "provider_event_id": f"{delivery.pk}/{state}", "delivery_id": delivery.pk}
        event = ProviderEvent(**fields, state=state, reason=reason, happened_at=now, received_at=now)
        [stored] = provider_events.store_events([event])
        apply_event(stored, now=now)

    return report


def search_client(sabine: BrowserUser, typed: str) -> None:
    """Type what the client says they typed."""
    sabine.open_console("sign-in-help/")
    sabine.page.get_by_label("What did the client enter?").fill(typed)
    sabine.click_button("Search")


def open_help_of_ana(sabine: BrowserUser) -> None:
    """Get to Ana's sign-in help as one does while she is on the phone."""
    search_client(sabine, ANA)
    sabine.page.get_by_role("link", name="Where is the code? Ana Pereira").click()
    expect(sabine.page.get_by_role("heading", level=1)).to_contain_text("Ana Pereira")


def read_summary(sabine: BrowserUser) -> Locator:
    """Return what the page says is wrong, on top."""
    return sabine.page.locator(".diagnosis")


def process_suppression_removal(portal: LivePortal) -> None:
    """Do the worker's part of lifting a block."""
    with use_business(portal.business):
        block = Suppression.objects.get()
    remove_suppression.fn(business_id=str(portal.business.pk), suppression_id=str(block.pk))


def assert_accessible(user: BrowserUser) -> None:
    """Let axe look at the page at every size, by day and by night."""
    assert find_accessibility_violations(user, rules=WCAG) == []


def test_staff_see_a_bounce_live_and_clear_it(portal, ana, sabine, report_delivery, outbox):
    ana.request_code(ANA)
    open_help_of_ana(sabine)
    expect(read_summary(sabine)).to_contain_text("Queued for sending")
    assert_accessible(sabine)

    outbox.deliver_due()
    expect(read_summary(sabine)).to_contain_text("Accepted by the provider")
    report_delivery(DeliveryState.BOUNCED, "sendgrid-bounced-address")
    expect(read_summary(sabine)).to_contain_text("no longer sends to a•••@example.com")
    expect(sabine.page.get_by_text("Earlier emails to this address bounced").first).to_be_visible()
    assert_accessible(sabine)

    sabine.click_button("Remove and retry")
    expect(sabine.page.get_by_text("We have asked the provider to remove the suppression")).to_be_visible()
    process_suppression_removal(portal)
    expect(sabine.page.get_by_text("Suppressed")).to_have_count(0)


def test_a_typo_is_found_beside_what_is_on_file(ana, sabine):
    ana.request_code("ana@exmaple.com")
    search_client(sabine, "ana@exmaple.com")
    expect(sabine.page.get_by_role("heading", name="No exact match, but a similar address")).to_be_visible()
    expect(sabine.page.get_by_text("Somebody entered exactly this.")).to_be_visible()
    assert_accessible(sabine)

    sabine.page.get_by_role("link", name="Where is the code? Ana Pereira").click()
    expect(read_summary(sabine)).to_contain_text("a•••@exmaple.com, which is not on file")
    assert_accessible(sabine)


def test_an_owner_hands_a_code_over_in_person(ana, sabine):
    ana.request_code(ANA)
    open_help_of_ana(sabine)
    sabine.click_button("Issue a code in person")
    code = sabine.page.locator("#issued-code").inner_text()
    assert_accessible(sabine)

    ana.enter_code(code)
    ana.page.get_by_role("button", name="Sign out").wait_for()
    sabine.page.get_by_role("link", name="Done").click()
    expect(read_summary(sabine)).to_contain_text("Used: the code was correct")
    expect(sabine.page.get_by_text("No sign-in in progress.")).to_be_visible()
    assert code not in sabine.main_text


def test_who_did_what_is_on_the_activity_page(ana, sabine):
    ana.request_code(ANA)
    open_help_of_ana(sabine)
    sabine.click_button("Contact support")
    expect(sabine.page.get_by_text("Ticket opened. Support sees the whole timeline")).to_be_visible()

    sabine.open_console("activity/")
    expect(sabine.page.get_by_role("main")).to_contain_text("Opened a support ticket · Ana Pereira")
    assert_accessible(sabine)
    sabine.open_console("activity/?client=nobody")
    expect(sabine.page.get_by_text("No entries match these filters.")).to_be_visible()


def test_an_outage_is_seen_where_staff_look(portal, sabine):
    Outage.objects.create(business=portal.business, channel="sms", started_at=timezone.now())
    for path in ("", "sign-in-help/"):
        sabine.open_console(path)
        expect(sabine.page.get_by_text("Codes by text message are delayed")).to_be_visible()
        assert_accessible(sabine)


def test_ticket_without_client_is_opened_answered_and_closed(sabine):
    search_client(sabine, "nora.neu@elsewhere.example")
    sabine.click_button("Contact support about this")
    expect(sabine.page.get_by_role("heading", level=1)).to_have_text("Somebody who entered nora.neu@elsewhere.example")
    assert_accessible(sabine)

    call_command("tickets", str(Ticket.objects.latest("opened_at").pk), "--answer", "Their domain has no mailboxes.")
    sabine.open_console("notifications/")
    sabine.page.get_by_text("Answered: ticket of").click()
    expect(sabine.page.get_by_text("Their domain has no mailboxes.")).to_be_visible()

    sabine.page.get_by_label("Reason for closing").select_option(label="We found the cause ourselves")
    sabine.click_button("Close the ticket")
    expect(sabine.page.get_by_text("We found the cause ourselves")).to_be_visible()
    sabine.open_console("sign-in-help/tickets/")
    expect(sabine.page.get_by_text("closed", exact=True)).to_be_visible()
    assert_accessible(sabine)
