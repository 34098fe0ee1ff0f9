"""Memory of the child process that opens the worst workbook, and time to read one of 100,000 rows.

Each of the workbooks that the attack tests build, of less than a megabyte, is opened as for a preview, and the peak of
the child's memory (RSS) is sampled while it lives. The target is the limit of SANDBOX_MEMORY. Then a workbook of
100,000 rows and six columns is read: its first 50 rows as for a preview, and all of it as by a worker.
"""

import io
import tempfile
import time
from contextlib import suppress
from threading import Event, Thread

import psutil
import xlsxwriter
from django.conf import settings

from bench.benchmark_report import Measurement, at_most
from portal.clients.uploads import workbooks
from portal.clients.uploads.upload_files import UnsupportedFile
from tests.attacks.workbook_bombs import WORKBOOK_BOMBS

ROWS = 100_000
MB = 2**20


def run_benchmark() -> list[Measurement]:
    """Open every bomb and an honest workbook."""
    peaks = {name: _measure_peak(build()) for name, build in WORKBOOK_BOMBS.items()}
    worst = max(peaks, key=lambda name: peaks[name])
    book = _build_honest_workbook()
    preview, everything = (_measure_seconds(book, limit) for limit in (50, None))
    limit = at_most(settings.SANDBOX_MEMORY)
    return [
        Measurement(
            "memory of the child that opens", f"the worst workbook: {worst}", "", peaks[worst] / MB, "MB", limit
        ),
        Measurement(f"preview of {ROWS:,} rows in a workbook", f"{preview:.2f} s", "", preview, "s"),
        Measurement(f"{ROWS:,} rows of a workbook, all read", f"{everything:.1f} s", "", everything, "s"),
    ]


def _measure_peak(content: bytes) -> int:
    ended, peak = Event(), [0]

    def sample() -> None:
        while not ended.wait(0.01):
            for child in psutil.Process().children():
                with suppress(psutil.Error):
                    if "tenants.sandbox.child" in child.cmdline():
                        peak[0] = max(peak[0], child.memory_info().rss)

    sampler = Thread(target=sample)
    sampler.start()
    try:
        with suppress(UnsupportedFile):
            _read(content, limit=50)
    finally:
        ended.set()
        sampler.join()
    return peak[0]


def _measure_seconds(content: bytes, limit: int | None) -> float:
    began = time.perf_counter()
    _read(content, limit=limit)
    return time.perf_counter() - began


def _read(content: bytes, *, limit: int | None) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        for _row in workbooks.read_sheet(file, width=100, after=0, limit=limit, on_progress=lambda: None):
            pass


def _build_honest_workbook() -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    for row in range(ROWS):
        cells = [f"Ana Müller {row}", f"ana{row}@example.com", f"+49171{row:07d}", f"a {row}", f"b {row}", f"c {row}"]
        sheet.write_row(row, 0, cells)
    book.close()
    return file.getvalue()
