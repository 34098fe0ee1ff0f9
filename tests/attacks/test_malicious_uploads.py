"""U6: a file of the wrong kind, far too big or made to do harm is rejected as an upload."""

import http.client
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from portal.clients.models import Client, Upload
from portal.clients.uploads import services, upload_processing
from tenants.context import use_business
from tenants.limits import ORDINARY_BODY_BYTES

pytestmark = pytest.mark.slow

PAGE = "/console/acme/clients/uploads/"
ROW = "Name,Email\nAna,ana@example.com\n"


def build_workbook(**parts: bytes) -> bytes:
    """Return a real workbook with some of its parts replaced or added."""
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Name", "Email"])
    book.active.append(["Ana", "ana@example.com"])
    book.save(file)
    replaced = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(replaced, "w", zipfile.ZIP_DEFLATED) as new:
        names = {"sheet": "xl/worksheets/sheet1.xml", "extra": "xl/extra.xml", "words": "xl/sharedStrings.xml"}
        changed = {names[part]: data for part, data in parts.items()}
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, data in changed.items():
            new.writestr(name, data)
    return replaced.getvalue()


BILLION_LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<sheetData><row r="1"><c r="A1" t="str"><v>&c;</v></c></row></sheetData></worksheet>"""
EXTERNAL_ENTITY = BILLION_LAUGHS.replace(b'<!ENTITY a "ha">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')

SHEET = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>"""
HUGE_ROW_NUMBER = SHEET % b"""<row r="999999999999"><c t="str"><v>Name</v></c></row>"""
INFINITE_NUMBER = SHEET % b"""<row r="1"><c r="A1"><v>1e999</v></c></row>"""
UNKNOWN_ENCODING = b"""<?xml version="1.0" encoding="klingon"?>""" + SHEET % b""


def flip_bit(book: bytes, part: bytes = b"xl/worksheets/sheet1.xml") -> bytes:
    """Return a workbook whose sheet was damaged on its way."""
    start = book.index(part) + len(part)
    return book[:start] + bytes(sign ^ 0xFF for sign in book[start : start + 8]) + book[start + 8 :]


def set_encryption_flag(book: bytes, mark: bytes = b"PK\x01\x02") -> bytes:
    """Return a workbook whose parts all say that they need a password."""
    first, *rest = book.split(mark)
    return first + b"".join(mark + part[:4] + bytes([part[4] | 1]) + part[5:] for part in rest)


# A workbook is made by the test that sends it.
MALICIOUS_FILES = {
    "a drawing with script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a drawing behind a mark": b'\xef\xbb\xbf\n <?xml version="1.0"?><svg/>',
    "a web page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "a web page in UTF-16": "<html><script>alert(1)</script>".encode("utf-16"),
    "a program": b"MZ\x90\x00\x03" + bytes(200),
    "a program of Linux": b"\x7fELF\x02\x01\x01" + bytes(200),
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "a PDF": b"%PDF-1.7\n" + bytes(200),
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "nothing but NUL": bytes(5000),
    "NUL in the text": b"Name,Email\nA\0na,ana@example.com,\0\0\n",
    "a zip that is no workbook": b"PK\x03\x04" + bytes(300),
    "a workbook cut off": lambda: build_workbook()[:-700],
    "a bomb": lambda: build_workbook(extra=bytes(60_000_000)),
    "words enough to fill the memory": lambda: build_workbook(words=bytes(90_000_000)),
    "a billion laughs": lambda: build_workbook(sheet=BILLION_LAUGHS),
    "a workbook that reads a file": lambda: build_workbook(sheet=EXTERNAL_ENTITY),
    "a workbook whose second row is far away": lambda: build_workbook(sheet=HUGE_ROW_NUMBER),
    "a workbook with a number beyond all": lambda: build_workbook(sheet=INFINITE_NUMBER),
    "a workbook in letters nobody knows": lambda: build_workbook(sheet=UNKNOWN_ENCODING),
    "a workbook damaged on its way": lambda: flip_bit(build_workbook()),
    "a workbook behind a password": lambda: set_encryption_flag(build_workbook()),
    "a workbook of a zip yet to be invented": lambda: build_workbook().replace(
        b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xff"
    ),
    "a quote that never ends": b'Name,Email\n"Ana' + b"x" * 200_000,
}


@pytest.mark.parametrize("kind", MALICIOUS_FILES)
@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a_file_that_is_no_client_list_is_refused_and_deleted(staff_client, acme, kind, name):
    file = MALICIOUS_FILES[kind]
    answer = staff_client("manager").post(PAGE, {"file": SimpleUploadedFile(name, file() if callable(file) else file)})

    assert answer.status_code == 422, kind
    assert b"id_file-error" in answer.content
    assert b"root:" not in answer.content
    with use_business(acme):
        assert not Upload.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x.csv",
        "..\\..\\x.csv",
        "<script>alert(1)</script>.csv",
        "a\r\nX-Evil: 1.csv",
        "\u202evsc.exe",
        "x" * 900,
    ],
)
def test_a_hostile_file_name_is_escaped_on_every_page_and_in_headers(staff_client, acme, name):
    browser = staff_client("manager")
    with use_business(acme):
        data = (ROW + "Bo,nothing\n").encode()
        upload = services.receive_upload(chunks=[data], name=name, size=len(data), staff=None, now=timezone.now())
        targets = ["name", "email"]
        services.map_columns(upload=upload, targets=targets, now=timezone.now(), inline=True)
        upload_processing.process_upload(upload.pk, clock=timezone.now, time_slice=None)
    pages = [browser.get(path) for path in (PAGE, f"{PAGE}{upload.pk}/", f"{PAGE}{upload.pk}/errors.csv")]

    assert [page.status_code for page in pages] == [200] * 3
    assert b"<script>alert" not in pages[0].content + pages[1].content
    assert "/" not in upload.name
    assert "X-Evil" not in pages[2].headers
    assert pages[2].headers["Content-Disposition"].startswith("attachment")
    assert pages[2].headers["X-Content-Type-Options"] == "nosniff"


def test_cells_are_escaped_on_every_page(staff_client, acme):
    browser = staff_client("manager")
    evil = '<img src=x onerror=alert(1)>,"{{ 7|add:7 }}@example.com"\n'
    place = browser.post(PAGE, {"file": SimpleUploadedFile("x.csv", (ROW + evil).encode())}).headers["Location"]
    columns = place.replace("format", "columns")
    shown = browser.get(place).content + browser.get(columns).content
    browser.post(columns, {"column-0": "name", "column-1": "email"})
    with use_business(acme):
        upload_processing.process_upload(Upload.objects.get().pk, clock=timezone.now, time_slice=None)
    shown += browser.get(place.removesuffix("format/")).content

    assert b"<img" not in shown
    assert b"14@example.com" not in shown


def test_a_body_over_the_limit_is_refused_unread(production_server):
    """Two gigabytes are announced and none is sent: whoever waits for them never answers."""
    for path, length in ((PAGE, 2 * 2**30), ("/staff/sign-in/", ORDINARY_BODY_BYTES + 1)):
        line = http.client.HTTPConnection("127.0.0.1", production_server.port, timeout=60)
        line.putrequest("POST", path, skip_host=True)
        proxy_headers = {"Host": "app.portico.io", "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
        proxy_headers |= {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(length)}
        proxy_headers |= {"Referer": "https://app.portico.io/", "Cookie": f"__Host-csrf={'x' * 32}"}
        for name, value in proxy_headers.items():
            line.putheader(name, value)
        line.endheaders()
        line.send(b"--x\r\n")

        status = line.getresponse().status
        line.close()

        assert status == 413, path


def test_a_client_list_over_fifty_megabytes_is_refused(staff_client, acme):
    answer = staff_client("manager").post(PAGE, {"file": SimpleUploadedFile("x.csv", b"a" * (50 * 2**20 + 1))})

    assert answer.status_code == 422
    assert b"larger than 50 MB" in answer.content


def test_a_client_list_over_the_row_limit_is_refused_and_leaves_no_rows(acme, monkeypatch):
    monkeypatch.setattr("portal.clients.uploads.row_staging.MAX_ROWS", 10)
    data = ("Name,Email\n" + "".join(f"N,n{number}@example.com\n" for number in range(11))).encode()
    with use_business(acme):
        upload = services.receive_upload(chunks=[data], name="x.csv", size=len(data), staff=None, now=timezone.now())
        services.map_columns(upload=upload, targets=["name", "email"], now=timezone.now(), inline=True)
        upload_processing.process_upload(upload.pk, clock=timezone.now, time_slice=None)
        upload.refresh_from_db()

        assert (upload.state, upload.failure, upload.rows.count()) == ("failed", "too-long", 0)
        assert not Client.objects.exists()


def test_an_upload_of_another_business_is_not_found(staff_client, acme, globex):
    with use_business(acme):
        upload = services.receive_upload(chunks=[ROW.encode()], name="x.csv", size=9, staff=None, now=timezone.now())
    browser = staff_client("owner", globex)

    for page in ("", "format/", "columns/", "progress/", "errors.csv"):
        assert browser.get(f"/console/globex/clients/uploads/{upload.pk}/{page}").status_code == 404
        assert browser.get(f"{PAGE}{upload.pk}/{page}").status_code == 404
