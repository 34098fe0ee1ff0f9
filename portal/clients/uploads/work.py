"""What does a worker do with a list? A chunk after the other, each finished for good before the next is begun.

However often it is killed, the next one finds the cursor behind the last chunk that was
committed. Two at once don't hurt: whoever finds the cursor moved leaves the list to the other.
Taking over has no cursor: spans are written by whoever finds them free, several at once.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.clients.uploads import services
from portal.clients.uploads.files import NotAList
from portal.clients.uploads.judging import judge
from portal.clients.uploads.models import Upload
from portal.clients.uploads.spans import cut, helped, tell
from portal.clients.uploads.staging import stage
from portal.clients.uploads.steps import Overtaken, hold
from portal.clients.uploads.undoing import drop_tags, undo_chunk
from portal.clients.uploads.writing import SPAN, by, make_tags, write_span
from tenants.context import current_business

Clock = Callable[[], datetime]
Step = Callable[[Upload, Clock], Iterator[None]]
State = Upload.State
# After so long other businesses' lists get their turn.
TURN = timedelta(seconds=20)
# PostgreSQL is what writing waits for, and one connection keeps one of its processors busy.
HELPERS = 1


def work(upload_id: UUID, *, clock: Clock, turn: timedelta | None = TURN, helpers: int = 0) -> None:
    """Take a list as far as it goes by itself, or as far as one turn takes it; then ring for the rest.

    `helpers` are threads beside this one that write, each over a connection of its own.
    """
    upload = Upload.objects.filter(pk=upload_id).first()
    if upload is None or not upload.is_working:
        return
    began = clock()
    try:
        for _chunk in steps(upload, clock=clock, helpers=helpers):
            if turn and clock() - began > turn:
                services.ring(upload)
                return
    except Overtaken:
        return


def steps(upload: Upload, *, clock: Clock, helpers: int = 0) -> Iterator[None]:
    """Do the step at hand, pausing after each chunk. Raises Overtaken."""
    write = partial(_write, helpers=helpers)
    step: dict[str, Step] = {State.CHECKING: _check, State.RUNNING: write, State.UNDOING: _undo}
    yield from step[upload.state](upload, clock)


def _check(upload: Upload, clock: Clock) -> Iterator[None]:
    business = current_business()
    try:
        yield from stage(upload, country=business.country if business else "", clock=clock)
    except NotAList as refusal:
        return _fail(upload, str(refusal))
    with transaction.atomic():
        hold(upload)
        judge(upload)
        _finish(upload, State.CHECKED)
    return None


def _write(upload: Upload, clock: Clock, helpers: int) -> Iterator[None]:
    _begin(upload)
    while upload.state == State.RUNNING:
        with helped(lambda: write_span(upload, now=clock()), helpers=helpers):
            while write_span(upload, now=clock()):
                tell(upload, now=clock())
                yield
        _end(upload, now=clock())


@transaction.atomic
def _begin(upload: Upload) -> None:
    hold(upload)
    if not upload.spans.exists():
        make_tags(upload)
        upload.save(update_fields=["counts"])
        cut(upload, size=SPAN)


@transaction.atomic
def _end(upload: Upload, *, now: datetime) -> None:
    """Call the list taken over, unless somebody was killed with rows in hand: then those are still to be written."""
    hold(upload)
    if upload.spans.filter(is_written=False).exists():
        return
    tell(upload, now=now)
    upload.finished_at = now
    _tell(upload, EventType.IMPORT_COMPLETED, ("created", "changed"), now=now)
    _finish(upload, State.DONE)


def _undo(upload: Upload, clock: Clock) -> Iterator[None]:
    while undo_chunk(upload, now=clock()):
        yield
    with transaction.atomic():
        hold(upload)
        drop_tags(upload)
        upload.undone_at = now = clock()
        _tell(upload, EventType.IMPORT_UNDONE, ("removed", "restored", "kept"), now=now)
        _finish(upload, State.UNDONE)


@transaction.atomic
def _fail(upload: Upload, reason: str) -> None:
    hold(upload)
    upload.rows.all().delete()
    upload.failure = reason
    _finish(upload, State.FAILED)


def _finish(upload: Upload, state: State) -> None:
    upload.state, upload.rows_total = state, upload.rows_done
    upload.save()


def _tell(upload: Upload, event_type: EventType, words: tuple[str, ...], *, now: datetime) -> None:
    data = {word: upload.counts.get(word, 0) for word in words}
    activity.record(event_type, subject_id=upload.pk, at=now, list=upload.name, **data, **by(upload))
