"""U9: a file that unfolds in memory is refused by a bounded child process, and nobody else notices."""

import io
import threading
import tracemalloc
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.branding import logos
from portal.branding.models import Logo
from portal.clients.models import Upload
from portal.clients.uploads import services, upload_processing, workbooks
from portal.clients.uploads.encodings import guess_encoding
from tenants.context import use_business
from tenants.sandbox.slots import acquire_slot
from tests.attacks.concurrent_tasks import run_concurrently
from tests.attacks.workbook_bombs import (
    IMAGE_BOMBS,
    SHEET,
    WORKBOOK_BOMBS,
    build_far_row_bomb,
    build_fonts_bomb,
    build_workbook,
)

pytestmark = pytest.mark.slow

PAGE = "/console/acme/clients/uploads/"
LOGO_PAGE = "/console/acme/portal/branding/logo/"
MEBIBYTE = 2**20


def read_peak_memory() -> int:
    """Return the most memory that this process has used since the last `reset_peak_memory`."""
    return _parse_peak(_read("self", "status"))


def reset_peak_memory() -> None:
    """Begin to measure the peak of this process's memory."""
    Path("/proc/self/clear_refs").write_text("5")


class ParserWatcher(threading.Thread):
    """Watches the parser processes of this process, as long as a block lasts.

    Their rusage would tell little: it counts the memory that they shared with this process before they began.
    """

    def __init__(self):
        super().__init__(daemon=True)
        self.most_at_once, self.peak_memory, self._ended = 0, 0, threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self._ended.set()
        self.join()

    def run(self):
        """Look again and again."""
        while not self._ended.wait(0.005):
            parsers = [child for child in self._list_children() if b"tenants.sandbox.child" in _read(child, "cmdline")]
            self.most_at_once = max(self.most_at_once, len(parsers))
            self.peak_memory = max(self.peak_memory, *(_parse_peak(_read(child, "status")) for child in parsers), 0)

    def _list_children(self) -> list[str]:
        lists = [_read(task.name, f"task/{task.name}/children") for task in Path("/proc/self/task").iterdir()]
        return [child for listed in lists for child in listed.decode().split()]


def _read(process: str, name: str) -> bytes:
    try:
        return Path(f"/proc/{process}/{name}").read_bytes()
    except OSError:
        return b""


def _parse_peak(status: bytes) -> int:
    return int(status.partition(b"VmHWM:")[2].split()[0]) * 1024 if b"VmHWM:" in status else 0


def upload(browser, content: bytes, page: str = PAGE):
    """Upload a list."""
    return browser.post(page, {"file": SimpleUploadedFile("list.xlsx", content)})


@pytest.mark.parametrize("bomb", WORKBOOK_BOMBS)
def test_a_workbook_bomb_is_refused_by_a_child_and_costs_the_web_process_nothing(staff_client, acme, bomb):
    browser, content = staff_client("manager"), WORKBOOK_BOMBS[bomb]()
    assert len(content) < MEBIBYTE
    reset_peak_memory()
    before = read_peak_memory()

    with ParserWatcher() as watcher:
        answer = upload(browser, content)

    assert answer.status_code == 422
    assert b"id_file-error" in answer.content
    assert read_peak_memory() - before < 64 * MEBIBYTE
    assert 0 < watcher.peak_memory <= settings.SANDBOX_MEMORY * MEBIBYTE
    with use_business(acme):
        assert not Upload.objects.exists()


def test_who_uploads_a_bomb_is_told_to_save_it_as_csv(staff_client):
    answer = upload(staff_client("manager"), build_fonts_bomb())

    assert "This workbook is too large to open. Save the list as CSV and upload that." in answer.content.decode()


def test_a_bomb_behind_the_previewed_rows_ends_the_check_with_words(staff_client, acme):
    """The preview reads fifty rows; the worker reads them all."""
    browser = staff_client("manager")
    row = '<row><c t="inlineStr"><is><t>Ana</t></is></c><c t="inlineStr"><is><t>ana@example.com</t></is></c></row>'
    book = build_workbook(SHEET % f"{row * 60}<row>{'<c/>' * 10_000_000}</row>")
    assert len(book) < MEBIBYTE
    with use_business(acme):
        found = services.receive_upload(chunks=[book], name="x.xlsx", size=len(book), staff=None, now=timezone.now())
        services.map_columns(upload=found, targets=["name", "email"], now=timezone.now(), inline=True)
        with ParserWatcher() as watcher:
            upload_processing.process_upload(found.pk, clock=timezone.now, time_slice=None)
    page = browser.get(f"{PAGE}{found.pk}/", follow=True).content.decode()

    assert "too large to open" in page
    assert 0 < watcher.peak_memory <= settings.SANDBOX_MEMORY * MEBIBYTE


def test_a_gap_of_a_million_rows_ends_in_words_or_in_its_few_rows(staff_client, acme):
    answer = upload(staff_client("manager"), build_far_row_bomb())

    assert answer.status_code in (302, 422)


@pytest.mark.parametrize("bomb", IMAGE_BOMBS)
def test_an_image_bomb_is_refused_or_shrunk_by_a_child(staff_client, acme, bomb):
    browser, content = staff_client(), IMAGE_BOMBS[bomb]()
    assert len(content) < 2_000_000
    reset_peak_memory()
    before = read_peak_memory()

    with ParserWatcher() as watcher:
        answer = browser.post(LOGO_PAGE, {"logo": SimpleUploadedFile("x.png", content, "image/png")}, follow=True)

    assert answer.status_code == 200
    assert read_peak_memory() - before < 64 * MEBIBYTE
    assert 0 < watcher.peak_memory <= settings.SANDBOX_MEMORY * MEBIBYTE
    with use_business(acme):
        assert all(len(logo.image) < 10_000 for logo in Logo.objects.all())
        assert "tone-error" in answer.content.decode() or Logo.objects.exists()


CSV_BOMBS = {
    "ten million cells in a row": lambda: b"Name,Email\n" + b"," * 10_000_000,
    "a row of a million quoted lines": lambda: b"Name,Email\n" + b'x","\n' * 1_000_000,
    "a huge cell": lambda: b"Name,Email\n" + b"x" * 40_000_000,
    "a huge quoted cell": lambda: b'Name,Email\n"' + b"x\n" * 5_000_000,
    "a line in no encoding": lambda: b"Name,Email\n" + b"\xe4" * 40_000_000,
    "cells in UTF-16": lambda: ("Name,Email\n" + "," * 10_000_000).encode("utf-16"),
}


@pytest.mark.parametrize("bomb", CSV_BOMBS)
def test_a_csv_bomb_is_refused_without_being_unfolded(acme, bomb):
    """The stored file is read in pieces: what it would unfold to is never in memory."""
    content = CSV_BOMBS[bomb]()
    chunks = [content[start : start + MEBIBYTE] for start in range(0, len(content), MEBIBYTE)]
    with use_business(acme):
        tracemalloc.start()
        try:
            with pytest.raises(services.UnsupportedFile):
                services.receive_upload(chunks=chunks, name="x.csv", size=len(content), staff=None, now=timezone.now())
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert peak < 40 * MEBIBYTE


def test_the_encoding_of_one_endless_line_is_guessed_from_its_beginning():
    content = io.BytesIO("Grüße, ".encode("cp1252") * 5_000_000)
    tracemalloc.start()
    try:
        assert guess_encoding(content) in ("cp1252", "latin-1")
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 8 * MEBIBYTE


def test_twenty_bombs_at_once_take_one_slot_and_leave_the_others_to_other_businesses(
    committed_db, staff_client, acme, globex
):
    bomb, list_of_globex = build_fonts_bomb(), build_workbook()
    attackers = [staff_client("manager") for _number in range(20)]
    neighbour = staff_client("manager", globex)

    def send(browser):
        if browser is neighbour:
            return upload(browser, list_of_globex, "/console/globex/clients/uploads/").status_code
        return upload(browser, bomb).status_code

    with ParserWatcher() as watcher:
        *refused, accepted = run_concurrently(send, [*attackers, neighbour])

    assert accepted == 302
    assert set(refused) <= {422, 503}
    assert 0 < watcher.most_at_once <= settings.SANDBOX_PROCESSES


def test_who_finds_no_slot_is_told_so_and_finds_the_page_again(staff_client, acme, monkeypatch):
    monkeypatch.setattr(workbooks, "SLOT_WAIT_SECONDS", 0)
    monkeypatch.setattr(logos, "SLOT_WAIT_SECONDS", 0)
    browser = staff_client()
    with acquire_slot(str(acme.pk), wait_seconds=0):
        answer = upload(browser, build_workbook())
        logo = browser.post(LOGO_PAGE, {"logo": SimpleUploadedFile("x.png", b"x", "image/png")}, follow=True)

    assert answer.status_code == 503
    for page in (answer, logo):
        assert "Many files are being opened right now. Try again in a minute." in page.content.decode()


def test_an_upload_that_finds_no_slot_waits_and_is_not_refused(acme, monkeypatch):
    monkeypatch.setattr(workbooks, "SLOT_WAIT_SECONDS", 0)
    book = build_workbook()
    with use_business(acme):
        found = services.receive_upload(chunks=[book], name="x.xlsx", size=len(book), staff=None, now=timezone.now())
        services.map_columns(upload=found, targets=["name", "email"], now=timezone.now(), inline=True)
        with acquire_slot(str(acme.pk), wait_seconds=0):
            upload_processing.process_upload(found.pk, clock=timezone.now)
        found.refresh_from_db()

    assert (found.state, found.failure) == ("checking", "")
