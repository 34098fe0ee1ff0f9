"""A messy client list is uploaded, corrected and imported in a browser, on accessible pages."""

import pytest
from playwright.sync_api import expect

from portal.clients.kinds import ClientJob
from portal.clients.models import Client, Upload
from tenants.context import use_business
from tests.browser.accessibility import PHONE_AND_DESKTOP, find_accessibility_violations
from tests.faults.process_cluster import wait_until
from workers.queue import enqueue_row_job

pytestmark = pytest.mark.browser

# As an old practice program wrote it on Windows: semicolons, umlauts, titles in the columns nobody needs.
MESSY = (
    "Kd-Nr.;Anrede;Vorname;Nachname;E-Mail;Handy;Sprache;Gruppe;Bemerkung\r\n"
    "1001;Frau;Käthe;Größer;Kaethe.Groesser@Example.DE;0171/123 45 67;Deutsch;VIP, Rücken;kommt lieber früh\r\n"
    '1002;Herr;Jürgen;"Müller; Dr.";juergen.mueller@example.de;;deutsch;;"zwei\nZeilen"\r\n'
    ";;;;;;;;\r\n"
    "1003;Frau;ANA;Pereira;ana@example.com;+44 7700 900101;en;VIP;\r\n"
    "1004;Frau;Zoë;Lang;zoe.lang(at)example.de;;;;\r\n"
    "1005;Herr;Otto;Lang;;12;;;=HYPERLINK(1)\r\n"
    "1006;Frau;Käthe;Größer;kaethe.groesser@example.de;;;;noch einmal\r\n"
    "1007;;Jonas;Brandt;family@example.com;;;;\r\n"
).encode("cp1252")


@pytest.fixture
def console(sabine, portal, portico_server):
    """Sabine, signed in, with somebody at work behind her."""
    sabine.set_session_cookie()
    sabine.open_console("clients/")
    with portico_server.running("bulk"):
        yield sabine


def submit_and_enqueue(console, button: str) -> None:
    """Press a button that enqueues a job, and enqueue it until the broker accepts it: a busy broker may have timed out."""
    console.click_button(button)
    with use_business(console.portal.business):
        [upload] = Upload.objects.values_list("pk", flat=True)
    ids = {"business_id": console.portal.business.pk, "row_id": upload}
    wait_until(lambda: enqueue_row_job(ClientJob.PROCESS_UPLOAD, **ids), what="a queue that hears")


def assert_accessible(user) -> None:
    """Look at a page by day and by night, on a phone and at a desk."""
    user.page.emulate_media(reduced_motion="reduce")
    assert find_accessibility_violations(user, sizes=PHONE_AND_DESKTOP) == [], user.main_heading.inner_text()


def find_heading(user, text: str):
    return expect(user.page.get_by_role("heading", level=1, name=text))


def test_a_messy_list_is_previewed_corrected_imported_and_undone(console, portal, tmp_path):
    page = console.page
    page.get_by_role("link", name="Upload a list").click()
    find_heading(console, "Upload a list").to_be_visible()
    assert_accessible(console)
    page.get_by_label("Your list").set_input_files(
        {"name": "Kundenliste 2019 (alt).csv", "mimeType": "text/csv", "buffer": MESSY}
    )
    submit_and_enqueue(console, "Continue")

    find_heading(console, "Check the format").to_be_visible()
    expect(page.get_by_label("Encoding")).to_have_value("cp1252")
    expect(page.get_by_role("cell", name="Käthe").first).to_be_visible()
    assert_accessible(console)
    page.get_by_label("Encoding").select_option("mac-roman")
    expect(page.get_by_role("cell", name="Käthe")).to_have_count(0)
    page.get_by_label("Encoding").select_option("cp1252")
    expect(page.get_by_role("cell", name="Käthe").first).to_be_visible()
    console.click_button("Continue")

    find_heading(console, "Assign columns").to_be_visible()
    expect(page.get_by_label("Vorname")).to_have_value("first-name")
    expect(page.get_by_label("Kd-Nr.")).to_have_value("")
    page.get_by_label("Bemerkung").select_option("note")
    assert_accessible(console)
    submit_and_enqueue(console, "Check the list")

    find_heading(console, "Preview of the import").to_be_visible()
    expect(page.get_by_text("not an email address: zoe.lang(at)example.de")).to_be_visible()
    expect(page.get_by_text("several clients share this address")).to_be_visible()
    expect(page.get_by_text("same person as in row 2")).to_be_visible()
    expect(page.get_by_text("1 row matches an existing client.")).to_be_visible()
    assert_accessible(console)
    page.get_by_label("Fill in missing details only").check()
    submit_and_enqueue(console, "Import")

    expect(page.get_by_text("2 clients are new.")).to_be_visible()
    expect(page.get_by_text("1 card was changed.")).to_be_visible()
    assert_accessible(console)
    with use_business(portal.business):
        ana = Client.objects.get(contacts__value="ana@example.com")
        assert (ana.name, ana.language) == ("Ana Pereira", "en")
        assert Client.objects.get(name="Käthe Größer").contacts.filter(value="+491711234567").exists()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download skipped rows").click()
    assert "zoe.lang(at)example.de" in download.value.path().read_text(encoding="utf-8-sig")

    console.click_link("Undo import")
    find_heading(console, "Undo this import?").to_be_visible()
    assert_accessible(console)
    submit_and_enqueue(console, "Undo import")
    expect(page.get_by_text("2 clients were removed.")).to_be_visible()
    with use_business(portal.business):
        assert not Client.objects.filter(name="Käthe Größer").exists()
