"""A client list with errors is uploaded, corrected and imported in a browser, on accessible pages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from portal.clients.kinds import ClientJob
from portal.clients.models import Client, Upload
from tenants.context import use_business
from tenants.models import Business
from tests.attacks.client_lists import check_list
from tests.browser.accessibility_checks import PHONE_AND_DESKTOP, find_accessibility_violations
from tests.browser.browser_user import BrowserUser
from tests.browser.console.client_list_page import ClientListPage
from tests.browser.console.upload_pages import ColumnMappingPage, ImportPreviewPage, ImportReportPage, UploadFormatPage
from tests.browser.staff_user import StaffUser
from tests.factories import ClientFactory
from tests.faults.process_cluster import wait_until
from workers.queue import enqueue_row_job

pytestmark = pytest.mark.browser

# As an old practice program wrote it on Windows: semicolons, umlauts, titles in the columns nobody needs.
CSV_FILE = (
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
def sabine(sabine, portico_server) -> Iterator[StaffUser]:
    """Sabine's browser. She is signed in, and a worker processes uploads."""
    sabine.set_session_cookie()
    with portico_server.running("bulk"):
        yield sabine


def enqueue_until_accepted(business: Business) -> None:
    """Enqueue the business's upload until the broker accepts it: the page's own attempt may have timed out."""
    with use_business(business):
        [upload] = Upload.objects.values_list("pk", flat=True)
    ids = {"business_id": business.pk, "row_id": upload}
    wait_until(lambda: enqueue_row_job(ClientJob.PROCESS_UPLOAD, **ids), what="a broker that accepts the job")


def assert_accessible(user: BrowserUser) -> None:
    """Assert that the page at hand passes the accessibility checks on a phone and a desktop."""
    user.page.emulate_media(reduced_motion="reduce")
    assert find_accessibility_violations(user, sizes=PHONE_AND_DESKTOP) == [], user.main_heading.inner_text()


def test_a_client_list_is_previewed_corrected_imported_and_undone(sabine, portal):
    format_page = upload_client_list(sabine)
    columns_page = check_format(sabine, format_page)
    preview_page = assign_columns(sabine, columns_page)
    report_page = import_list(sabine, preview_page)
    with use_business(portal.business):
        ana = Client.objects.get(contacts__value="ana@example.com")
        assert (ana.name, ana.language) == ("Ana Pereira", "en")
        assert Client.objects.get(name="Käthe Größer").contacts.filter(value="+491711234567").exists()
    assert "zoe.lang(at)example.de" in report_page.download_skipped_rows().read_text(encoding="utf-8-sig")
    undo_and_check_import(sabine, report_page)
    with use_business(portal.business):
        assert not Client.objects.filter(name="Käthe Größer").exists()


def test_of_several_clients_of_one_name_staff_choose_who_a_row_is(sabine, portal):
    with use_business(portal.business):
        ClientFactory(name="Kim Adler", email="kim@example.com")
        chosen = ClientFactory(name="Kim Adler", email="kim@example.com", mobile="+491713920555")
        upload = check_list("Name,Email,Phone\nKim Adler,kim@example.com,+491711234567\n,kim@example.com,\n")
    sabine.open_console(f"clients/uploads/{upload.pk}/")
    expect(sabine.locate_text("2 rows match several clients.")).to_be_visible()
    assert_accessible(sabine)

    sabine.click_button("Same person as Kim Adler · +49•••555 (Kim Adler)")

    row = sabine.page.get_by_role("listitem").filter(has_text="Answered: same person.")
    expect(row.get_by_role("link", name="Kim Adler")).to_have_attribute("href", re.compile(str(chosen.pk)))
    expect(row).to_contain_text("k•••@example.com · +49•••555")
    expect(sabine.locate_text("1 row matches several clients.")).to_be_visible()


def upload_client_list(sabine: StaffUser) -> UploadFormatPage:
    """Upload a file from the client list's page."""
    upload_page = ClientListPage.open(sabine).open_upload()
    expect(sabine.main_heading).to_have_text("Upload a list")
    assert_accessible(sabine)
    upload_page.choose_file("Kundenliste 2019 (alt).csv", CSV_FILE)
    format_page = upload_page.submit()
    enqueue_until_accepted(sabine.portal.business)
    return format_page


def check_format(sabine: StaffUser, format_page: UploadFormatPage) -> ColumnMappingPage:
    """Try a wrong encoding, return to the one that was detected, and go on."""
    expect(sabine.main_heading).to_have_text("Check the format")
    expect(format_page.encoding_field).to_have_value("cp1252")
    expect(format_page.locate_cell("Käthe").first).to_be_visible()
    assert_accessible(sabine)
    format_page.choose_encoding("mac-roman")
    expect(format_page.locate_cell("Käthe")).to_have_count(0)
    format_page.choose_encoding("cp1252")
    expect(format_page.locate_cell("Käthe").first).to_be_visible()
    return format_page.submit()


def assign_columns(sabine: StaffUser, columns_page: ColumnMappingPage) -> ImportPreviewPage:
    """Assign one more column than was recognised, and go on."""
    expect(sabine.main_heading).to_have_text("Assign columns")
    expect(columns_page.locate_column("Vorname")).to_have_value("first-name")
    expect(columns_page.locate_column("Kd-Nr.")).to_have_value("")
    columns_page.choose_column("Bemerkung", "note")
    assert_accessible(sabine)
    preview_page = columns_page.submit()
    enqueue_until_accepted(sabine.portal.business)
    return preview_page


def import_list(sabine: StaffUser, preview_page: ImportPreviewPage) -> ImportReportPage:
    """Read the preview and import the list."""
    expect(sabine.main_heading).to_have_text("Preview of the import")
    expect(sabine.locate_text("not an email address: zoe.lang(at)example.de")).to_be_visible()
    expect(sabine.locate_text("same person as in row 2")).to_be_visible()
    expect(sabine.locate_text("2 rows match existing clients.")).to_be_visible()
    assert_accessible(sabine)
    preview_page.fill_in_missing_details()
    report_page = preview_page.start_import()
    enqueue_until_accepted(sabine.portal.business)

    expect(sabine.locate_text("2 clients are new.")).to_be_visible()
    expect(sabine.locate_text("1 card was changed.")).to_be_visible()
    assert_accessible(sabine)
    return report_page


def undo_and_check_import(sabine: StaffUser, report_page: ImportReportPage) -> None:
    """Undo the import."""
    undo_page = report_page.choose_undo()
    expect(sabine.main_heading).to_have_text("Undo this import?")
    assert_accessible(sabine)
    undo_page.undo_import()
    enqueue_until_accepted(sabine.portal.business)
    expect(sabine.locate_text("2 clients were removed.")).to_be_visible()
