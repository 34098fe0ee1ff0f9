"""Does a messy list from somebody's old program find its way onto the client list, by eye, by ear and by key?"""

import pytest
from playwright.sync_api import expect

from portal.clients.models import Client, Upload
from tenants.context import use_business
from tenants.models import Queue
from tests.browser.accessibility import PHONE_AND_DESK, find_violations
from tests.browser.staff import open_console, resume_session
from tests.faults.cluster import wait_until
from workers.queue import enqueue

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
def desk(sabine, place, portico):
    """Sabine, signed in, with somebody at work behind her."""
    resume_session(sabine)
    open_console(sabine, "clients/")
    with portico.running("bulk"):
        yield sabine


def submit(desk, button: str) -> None:
    """Press a button that gives the worker something to do. A busy queue may not have heard; it is told until it has."""
    desk.press(button)
    with use_business(desk.place.business):
        [upload] = Upload.objects.values_list("pk", flat=True)
    ids = {"business_id": desk.place.business.pk, "upload_id": upload}
    wait_until(lambda: enqueue("process_upload", queue=Queue.BULK, **ids), what="a queue that hears")


def examine(visitor) -> None:
    """Look at a page by day and by night, on a phone and at a desk."""
    visitor.page.emulate_media(reduced_motion="reduce")
    assert find_violations(visitor, sizes=PHONE_AND_DESK) == [], visitor.heading


def heading(visitor, words: str):
    return expect(visitor.page.get_by_role("heading", level=1, name=words))


def test_a_messy_list_is_looked_at_mended_taken_over_and_taken_back(desk, place, tmp_path):
    page = desk.page
    page.get_by_role("link", name="Upload a list").click()
    heading(desk, "Upload a list").to_be_visible()
    examine(desk)
    page.get_by_label("Your list").set_input_files(
        {"name": "Kundenliste 2019 (alt).csv", "mimeType": "text/csv", "buffer": MESSY}
    )
    submit(desk, "Look at it")

    heading(desk, "Is this your list?").to_be_visible()
    expect(page.get_by_label("Encoding")).to_have_value("cp1252")
    expect(page.get_by_role("cell", name="Käthe").first).to_be_visible()
    examine(desk)
    page.get_by_label("Encoding").select_option("mac-roman")
    expect(page.get_by_role("cell", name="Käthe")).to_have_count(0)
    page.get_by_label("Encoding").select_option("cp1252")
    expect(page.get_by_role("cell", name="Käthe").first).to_be_visible()
    desk.press("It looks right")

    heading(desk, "What stands in each column?").to_be_visible()
    expect(page.get_by_label("Vorname")).to_have_value("first-name")
    expect(page.get_by_label("Kd-Nr.")).to_have_value("")
    page.get_by_label("Bemerkung").select_option("note")
    examine(desk)
    submit(desk, "Check the list")

    heading(desk, "This is what would happen").to_be_visible()
    expect(page.get_by_text("not an email address: zoe.lang(at)example.de")).to_be_visible()
    expect(page.get_by_text("several clients have this address")).to_be_visible()
    expect(page.get_by_text("the same person as in row 2")).to_be_visible()
    expect(page.get_by_text("1 is on your list already.")).to_be_visible()
    examine(desk)
    page.get_by_label("Fill in what is empty").check()
    submit(desk, "Take the list over")

    expect(page.get_by_text("2 clients are new.")).to_be_visible()
    expect(page.get_by_text("1 card was changed.")).to_be_visible()
    examine(desk)
    with use_business(place.business):
        ana = Client.objects.get(contacts__value="ana@example.com")
        assert (ana.name, ana.language) == ("Ana Pereira", "en")
        assert Client.objects.get(name="Käthe Größer").contacts.filter(value="+491711234567").exists()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rows that were not taken").click()
    assert "zoe.lang(at)example.de" in download.value.path().read_text(encoding="utf-8-sig")

    desk.follow("Take this list back")
    heading(desk, "Take this list back?").to_be_visible()
    examine(desk)
    submit(desk, "Take this list back")
    expect(page.get_by_text("2 clients were removed again.")).to_be_visible()
    with use_business(place.business):
        assert not Client.objects.filter(name="Käthe Größer").exists()
