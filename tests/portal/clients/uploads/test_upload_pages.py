"""The pages of an upload, from the file to the report."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, FileChunk, Upload
from portal.clients.uploads import upload_processing
from tenants.context import use_business
from tests.factories import ClientFactory

START = "/console/acme/clients/uploads/"
LIST = "Name;E-Mail;Telefon\nJürgen Größer;juergen@example.de;0171 1234567\nBo;nothing;\n"


@pytest.fixture
def browser(staff_client):
    """A manager's browser."""
    return staff_client("manager")


@pytest.fixture
def upload_file(browser):
    """Return a function that uploads a file and returns the answer."""

    def upload_file(text: str | bytes = LIST, name: str = "Kunden.csv"):
        data = text if isinstance(text, bytes) else text.encode()
        return browser.post(START, {"file": SimpleUploadedFile(name, data)})

    return upload_file


@pytest.fixture
def process_uploads(acme):
    """Return a function that does what a worker would, and returns the list."""

    def process_uploads() -> Upload:
        with use_business(acme):
            upload = Upload.objects.latest("created_at")
            upload_processing.process_upload(upload.pk, clock=timezone.now, time_slice=None)
            upload.refresh_from_db()
            return upload

    return process_uploads


@pytest.fixture
def checked_upload_url(browser, upload_file, process_uploads):
    """A list that waits for its yes, and the address of its page."""
    place = upload_file().headers["Location"].removesuffix("format/")
    message = {"column-0": "name", "column-1": "email", "column-2": "phone"}
    assert browser.post(f"{place}columns/", message).status_code == 302
    process_uploads()
    return place


def test_the_preview_follows_the_guessed_and_the_chosen_format(browser, upload_file):
    place = upload_file(LIST.encode("cp1252")).headers["Location"]

    assert "Jürgen Größer" in browser.get(place).content.decode()
    wrong = browser.get(f"{place}?look=1&encoding=mac-roman&separator=%2C", headers={"hx-request": "true"})
    assert "J¸rgen" in wrong.content.decode()
    assert "<html" not in wrong.content.decode()
    with_form = browser.get(f"{place}?look=1&encoding=cp1252&separator=%3B&has_headings=on").content.decode()
    assert '<th scope="col">E-Mail</th>' in with_form


def test_the_chosen_format_decides_how_the_columns_are_read(browser, upload_file, acme):
    place = upload_file("Name,Note\nAna,a;b\n").headers["Location"]

    answer = browser.post(place, {"encoding": "utf-8", "separator": ";", "has_headings": "on"})

    page = browser.get(answer.headers["Location"]).content.decode()
    assert answer.headers["Location"].endswith("/columns/")
    assert "Name,Note" in page


def test_an_invalid_mapping_is_explained(browser, upload_file):
    place = upload_file().headers["Location"].replace("format", "columns")

    answer = browser.post(place, {"column-0": "name"})

    assert answer.status_code == 422
    assert "Select a column with email addresses or phone numbers" in answer.content.decode()


def test_the_check_shows_what_would_happen_row_by_row(browser, checked_upload_url):
    page = browser.get(checked_upload_url).content.decode()

    assert "Preview of the import" in page
    assert "not an email address: nothing" in page
    assert "juergen@example.de" in page
    only = browser.get(f"{checked_upload_url}?outcome=error").content.decode()
    assert "nothing" in only
    assert "juergen@example.de" not in only


def test_a_list_is_imported_and_undone(browser, checked_upload_url, process_uploads, acme):
    browser.post(f"{checked_upload_url}import/", {"on_match": "skip"})
    assert "Importing the list" in browser.get(checked_upload_url).content.decode()
    process_uploads()
    assert "1 client is new." in browser.get(checked_upload_url).content.decode()
    with use_business(acme):
        assert Client.objects.get().name == "Jürgen Größer"
        line = Entry.objects.get(event_type=ClientEvent.IMPORT_COMPLETED)
        assert (line.actor, line.actor_name, line.ip) == ("staff", "Manager of Acme", "127.0.0.1")
    assert "Undo this import?" in browser.get(f"{checked_upload_url}import-reversal/").content.decode()
    browser.post(f"{checked_upload_url}import-reversal/")
    process_uploads()
    assert "1 client was removed." in browser.get(checked_upload_url).content.decode()
    with use_business(acme):
        assert not Client.objects.exists()


def test_the_page_asks_what_to_do_with_known_clients(browser, acme, upload_file, process_uploads):
    with use_business(acme):
        ClientFactory(name="juergen@example.de", email="juergen@example.de")
    place = upload_file().headers["Location"].removesuffix("format/")
    browser.post(f"{place}columns/", {"column-0": "name", "column-1": "email", "column-2": "phone"})
    process_uploads()

    page = browser.get(place).content.decode()

    assert "1 row matches an existing client. What should happen?" in page
    assert "Missing details are added to 1 card." in page


def test_progress_is_shown_with_and_without_scripts(browser, checked_upload_url, process_uploads):
    browser.post(f"{checked_upload_url}import/", {"on_match": "skip"})

    step = re.search(r'aria-current="step">([^<]+)', browser.get(checked_upload_url).content.decode())
    assert step[1] == "Import"
    part = browser.get(f"{checked_upload_url}progress/", headers={"hx-request": "true"})
    assert b"<progress" in part.content
    assert b"<html" not in part.content
    assert b'http-equiv="refresh"' in browser.get(checked_upload_url).content
    process_uploads()
    done = browser.get(f"{checked_upload_url}progress/", headers={"hx-request": "true"})
    assert done.headers["HX-Refresh"] == "true"


def test_the_error_file_has_the_failed_rows_and_reasons(browser, checked_upload_url):
    answer = browser.get(f"{checked_upload_url}errors.csv")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="Kunden-errors.csv"'
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert lines[1:] == ["not an email address: nothing;Bo;nothing"]


def test_no_error_file_is_made_of_a_part_of_the_file(browser, checked_upload_url, acme):
    with use_business(acme):
        FileChunk.objects.create(upload=Upload.objects.get(), number=2, data=b"Cy;nothing")
    answer = browser.get(f"{checked_upload_url}errors.csv", follow=True)

    assert answer.redirect_chain == [(checked_upload_url, 302)]
    assert "This file was changed or deleted while it was read." in answer.content.decode()


def test_an_upload_can_be_discarded(browser, checked_upload_url, acme):
    browser.post(f"{checked_upload_url}removal/")

    assert browser.get(checked_upload_url).status_code == 404
    with use_business(acme):
        assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("data", "message"), [("", "This file is empty"), ("<svg xmlns='x'/>", "web page or an image")]
)
def test_an_unsupported_file_is_refused_with_a_reason(upload_file, acme, data, message):
    answer = upload_file(data)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    with use_business(acme):
        assert not Upload.objects.exists()


def test_an_unreadable_list_can_be_read_in_another_format(browser, upload_file, process_uploads):
    wide = "Name,Email\n" + "Ana,ana@example.com\n" * 60 + ",".join("x" * 200) + "\n"
    place = upload_file(wide).headers["Location"].removesuffix("format/")
    browser.post(f"{place}columns/", {"column-0": "name", "column-1": "email"})
    assert process_uploads().failure == "too-wide"

    assert "more than 100 columns" in browser.get(browser.get(place).headers["Location"]).content.decode()


def test_pages_cost_the_same_number_of_statements_whatever_the_number_of_rows(
    browser, acme, upload_file, process_uploads, django_assert_max_num_queries
):
    many = "Name,Email\n" + "".join(f"N{n},n{n}@example.com\n" for n in range(300))
    place = upload_file(many).headers["Location"].removesuffix("format/")
    browser.post(f"{place}columns/", {"column-0": "name", "column-1": "email"})
    process_uploads()

    with django_assert_max_num_queries(12):
        page = browser.get(place).content.decode()
    assert "Page 1 of 6" in page
    with django_assert_max_num_queries(12):
        browser.get(START)


def test_an_earlier_step_redirects_to_the_current_one(browser, checked_upload_url):
    browser.post(f"{checked_upload_url}import/", {"on_match": "skip"})

    assert browser.get(f"{checked_upload_url}columns/").status_code == 404
    assert browser.post(f"{checked_upload_url}import/", {"on_match": "skip"}).headers["Location"] == checked_upload_url


def test_a_workbook_needs_no_encoding(browser, upload_file):
    from openpyxl import Workbook

    book, file = Workbook(), io.BytesIO()
    book.active.append(["Name", "Email"])
    book.active.append(["Ana", "ana@example.com"])
    book.save(file)

    page = browser.get(upload_file(file.getvalue(), "list.xlsx").headers["Location"]).content.decode()

    assert "ana@example.com" in page
    assert "Encoding" not in page


def test_what_programs_send_pushes_no_file_off_the_list(browser, upload_file, acme, now):
    upload_file(name="Kunden.csv")
    with use_business(acme):
        Upload.objects.bulk_create(
            Upload(name=f"Sync {number}", kind="csv", size=1, imports_at_once=True, created_at=now + timedelta(hours=1))
            for number in range(60)
        )
    page = browser.get(START).content.decode()
    files, programs = page.split("Sent by programs")
    assert ("Kunden.csv" in files, "Kunden.csv" in programs) == (True, False)
    assert ("Sync" in files, programs.count("Sync ")) == (False, 50)


@pytest.mark.parametrize("state", ["running", "done"])
def test_what_a_program_sent_shows_no_steps_that_nobody_took(browser, acme, now, state):
    with use_business(acme):
        upload = Upload.objects.create(
            name="Sync", kind="csv", size=1, imports_at_once=True, state=state, created_at=now, heartbeat_at=now
        )

    assert "Columns" not in browser.get(f"{START}{upload.pk}/").content.decode()
