"""Reading the first sheet of an Excel workbook in a sandbox."""

from collections.abc import Callable, Generator
from typing import Any, BinaryIO

from django.conf import settings

from portal.clients.uploads.upload_files import UnsupportedFile
from tenants.sandbox.limits import ParserLimits
from tenants.sandbox.parser_processes import ParserFailed, ParserLimitExceeded, parse_in_sandbox
from tenants.sandbox.refusals import FileRefused

PARSER = "portal.clients.uploads.workbook_parser.parse_sheet"
MAX_OUTPUT_SIZE = 512 * 2**20
# For somebody who waits for a page, and for a worker, which reads the whole sheet.
PREVIEW_SECONDS = 15
IMPORT_SECONDS = 240
SLOT_WAIT_SECONDS = 5


def read_sheet(
    file: BinaryIO, *, width: int, after: int, limit: int | None, on_progress: Callable[[], None]
) -> Generator[tuple[int, list[str]], None, None]:
    """Yield the rows of the first sheet that have text, behind row number `after`, up to `width` cells each.

    At most `limit` rows are read. `on_progress` is called every few seconds. Raises UnsupportedFile, and SandboxBusy
    when too many files are being opened.
    """
    seconds = PREVIEW_SECONDS if limit else IMPORT_SECONDS
    limits = ParserLimits(settings.SANDBOX_MEMORY * 2**20, seconds, seconds, MAX_OUTPUT_SIZE)
    process_options: dict[str, Any] = {
        "limits": limits,
        "slot_wait_seconds": SLOT_WAIT_SECONDS,
        "on_progress": on_progress,
    }
    try:
        yield from parse_in_sandbox(PARSER, file, width=width, after=after, limit=limit, **process_options)
    except FileRefused as refusal:
        raise UnsupportedFile(str(refusal)) from refusal
    except ParserLimitExceeded as error:
        raise UnsupportedFile("bomb") from error
    except ParserFailed as error:
        raise UnsupportedFile("broken-workbook") from error
