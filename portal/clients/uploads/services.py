"""What can be done with an uploaded list?"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from portal.clients.models import CustomField
from portal.clients.uploads import columns, files, tables
from portal.clients.uploads.encodings import decoder, guess_encoding, guess_separator
from portal.clients.uploads.files import MOST_BYTES, NotAList
from portal.clients.uploads.models import Upload
from portal.clients.uploads.steps import enter
from portal.clients.uploads.tables import Row
from tenants.context import current_business
from tenants.models import Queue
from tenants.staff.actor import Staff
from workers.queue import enqueue

State = Upload.State
# A worker that was killed says nothing for longer than this.
SILENCE = timedelta(seconds=20)
SHOWN_ROWS = 8
# So many rows tell what a column holds.
SAMPLE = 50
WORKING = (State.CHECKING, State.RUNNING, State.UNDOING)
OPEN = (State.RECEIVED, State.CHECKED, State.FAILED)


class TooLate(Exception):
    """The list is no longer where this could be done with it."""


@transaction.atomic
def receive(*, pieces: Iterable[bytes], name: str, size: int, staff: Staff | None, now: datetime) -> Upload:
    """Keep a file, and guess how it is written. Raises NotAList."""
    if size > MOST_BYTES:
        raise NotAList("too-big")
    pieces = iter(pieces)
    first = next(pieces, b"")
    upload = Upload.objects.create(
        name=files.safe_name(name), kind=files.kind_of(first), size=size, created_at=now, **_who(staff)
    )
    files.keep(upload, (piece for part in ([first], pieces) for piece in part))
    _guess(upload)
    return upload


def preview(upload: Upload, *, limit: int = SHOWN_ROWS) -> list[Row]:
    """Return the first rows as the upload's format reads them. Raises NotAList."""
    return list(tables.rows_of(upload, limit=limit))


def choose_format(*, upload: Upload, encoding: str, separator: str, has_headings: bool) -> None:
    """Read the file so, and guess its columns anew. Raises TooLate, NotAList."""
    _at(upload, *OPEN)
    enter(upload, State.RECEIVED)
    upload.encoding, upload.separator, upload.has_headings = encoding, separator, has_headings
    _guess_columns(upload)
    upload.save()


@transaction.atomic
def choose_columns(*, upload: Upload, words: list[str], now: datetime, here: bool = False) -> None:
    """Say what the columns hold, and have the list checked, by a worker or else `here`. Raises TooLate, NotEnough."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    _at(upload, *OPEN)
    columns.check(words)
    upload.rows.all().delete()
    upload.columns, upload.failure, upload.counts, upload.worked_at = words, "", {}, now
    enter(upload, State.CHECKING, total=_lines_in(upload))
    upload.save()
    if not here:
        ring(upload)


@transaction.atomic
def take_over(*, upload: Upload, on_match: str, staff: Staff | None, now: datetime, here: bool = False) -> None:
    """Have a checked list written, by a worker or else by the caller, `here`. Raises TooLate."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    _at(upload, State.CHECKED)
    upload.on_match, upload.worked_at = on_match, now
    for name, value in _who(staff).items():
        setattr(upload, name, value)
    enter(upload, State.RUNNING, total=upload.rows.count())
    upload.save()
    if not here:
        ring(upload)


@transaction.atomic
def undo(*, upload: Upload, staff: Staff | None, now: datetime) -> None:
    """Have a list taken back. Raises TooLate."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    _at(upload, State.DONE)
    upload.worked_at = now
    for name, value in _who(staff).items():
        setattr(upload, name, value)
    enter(upload, State.UNDOING, total=upload.rows.count())
    upload.save()
    ring(upload)


def discard(*, upload: Upload) -> None:
    """Throw a list away that was never taken over. Raises TooLate."""
    _at(upload, *OPEN)
    upload.delete()


def ring(upload: Upload) -> None:
    """Ask a worker to go on with a list, once what was written so far is there to be seen."""
    business = current_business()
    assert business, "a list is uploaded to a business"
    transaction.on_commit(
        lambda: enqueue("process_upload", queue=Queue.BULK, business_id=business.pk, upload_id=upload.pk)
    )


def ring_for_silent(*, now: datetime) -> None:
    """Ask again for lists that nobody has been working on for a while."""
    for upload in silent(now=now):
        ring(upload)


def ring_if_silent(*, upload: Upload, now: datetime) -> None:
    """Ask again for one list, which somebody is waiting for, if nobody has been working on it for a while."""
    if upload.worked_at is None or now - upload.worked_at > SILENCE:
        Upload.objects.filter(pk=upload.pk).update(worked_at=now)
        ring(upload)


def silent(*, now: datetime) -> QuerySet[Upload]:
    """Return the lists whose worker was killed, or never heard of them."""
    return Upload.objects.filter(state__in=WORKING, worked_at__lt=now - SILENCE)


def forget_before(limit: datetime) -> None:
    """Throw away the rows and files of lists from before; that there was a list stays known, but it can't be undone."""
    old = Upload.objects.filter(created_at__lt=limit).exclude(state__in=WORKING)
    old.exclude(state__in=(State.DONE, State.UNDONE)).delete()
    for upload in old.filter(parts__isnull=False).distinct():
        upload.rows.all().delete()
        upload.parts.all().delete()


def _who(staff: Staff | None) -> dict:
    return {"person_id": staff.person_id, "person_name": staff.name, "ip": staff.ip} if staff else {}


def _at(upload: Upload, *states: State) -> None:
    if upload.state not in states:
        raise TooLate


def _guess(upload: Upload) -> None:
    if upload.kind == Upload.Kind.CSV:
        with files.opened(upload) as file:
            upload.encoding = guess_encoding(file)
            head = files.head_of(file)
            upload.separator = guess_separator(head.decode(decoder(upload.encoding, head), errors="replace"))
    upload.has_headings = columns.has_headings(preview(upload, limit=1))
    _guess_columns(upload)
    upload.save()


def _guess_columns(upload: Upload) -> None:
    rows = preview(upload, limit=SAMPLE)
    if not rows:
        raise NotAList("empty")
    headings = rows[0][1] if upload.has_headings else []
    samples = [cells for _number, cells in rows[upload.has_headings :]]
    # One row with a cell too many is no column more.
    usual, _times = Counter(len(cells) for cells in samples or [headings]).most_common(1)[0]
    upload.columns = columns.guess(headings, samples, CustomField.objects.all())[: max(len(headings), usual)]


def _lines_in(upload: Upload) -> int:
    """Return about how many rows there will be, to tell how far a check has come; 0 where only reading it would tell."""
    if upload.kind != Upload.Kind.CSV:
        return 0
    pieces: Callable = upload.parts.values_list("data", flat=True).iterator
    return sum(bytes(data).count(b"\n") for data in pieces(chunk_size=4))
