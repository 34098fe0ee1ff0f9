"""What does a worker do with a list? A chunk after the other, each finished for good before the next is begun.

However often it is killed, the next one finds the cursor behind the last chunk that was
committed. Two at once don't hurt: whoever finds the cursor moved leaves the list to the other.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from portal.activity import services as activity
from portal.activity.verbs import Verb
from portal.clients.uploads import services
from portal.clients.uploads.files import NotAList
from portal.clients.uploads.judging import judge
from portal.clients.uploads.models import Upload
from portal.clients.uploads.staging import stage
from portal.clients.uploads.steps import Overtaken, hold
from portal.clients.uploads.undoing import drop_tags, undo_chunk
from portal.clients.uploads.writing import by, make_tags, write_chunk
from tenants.context import current_business

Clock = Callable[[], datetime]
State = Upload.State
# After so long other businesses' lists get their turn.
TURN = timedelta(seconds=20)


def work(upload_id: UUID, *, clock: Clock, turn: timedelta | None = TURN) -> None:
    """Take a list as far as it goes by itself, or as far as one turn takes it; then ring for the rest."""
    upload = Upload.objects.filter(pk=upload_id).first()
    if upload is None or not upload.is_working:
        return
    began = clock()
    try:
        for _chunk in steps(upload, clock=clock):
            if turn and clock() - began > turn:
                services.ring(upload)
                return
    except Overtaken:
        return


def steps(upload: Upload, *, clock: Clock) -> Iterator[None]:
    """Do the step at hand, pausing after each chunk. Raises Overtaken."""
    step = {State.CHECKING: _check, State.RUNNING: _write, State.UNDOING: _undo}
    yield from step[State(upload.state)](upload, clock)


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


def _write(upload: Upload, clock: Clock) -> Iterator[None]:
    with transaction.atomic():
        hold(upload)
        if not upload.cursor:
            make_tags(upload)
            upload.save(update_fields=["counts"])
    while write_chunk(upload, now=clock()):
        yield
    with transaction.atomic():
        hold(upload)
        upload.finished_at = now = clock()
        _tell(upload, Verb.LIST_UPLOADED, ("created", "changed"), now=now)
        _finish(upload, State.DONE)


def _undo(upload: Upload, clock: Clock) -> Iterator[None]:
    while undo_chunk(upload, now=clock()):
        yield
    with transaction.atomic():
        hold(upload)
        drop_tags(upload)
        upload.undone_at = now = clock()
        _tell(upload, Verb.LIST_UNDONE, ("removed", "restored", "kept"), now=now)
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


def _tell(upload: Upload, verb: Verb, words: tuple[str, ...], *, now: datetime) -> None:
    data = {word: upload.counts.get(word, 0) for word in words}
    activity.record(verb, subject_id=upload.pk, at=now, list=upload.name, **data, **by(upload))
