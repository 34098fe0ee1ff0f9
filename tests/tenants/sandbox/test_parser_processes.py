"""A parser process knows nothing but its file, and ends at its limits."""

import io
import tempfile
import threading
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from tenants.sandbox import parser_processes
from tenants.sandbox.limits import MAX_OPEN_FILES, ParserLimits
from tenants.sandbox.parser_processes import ParserFailed, ParserLimitExceeded, parse_in_sandbox
from tenants.sandbox.refusals import FileRefused
from tenants.sandbox.slots import SandboxBusy

LIMITS = ParserLimits(memory=128 * 2**20, cpu_seconds=20, wait_seconds=60, output_size=2**20)


def parse(parser: str, content: bytes = b"Ana,ana@example.com", *, limits: ParserLimits = LIMITS, **options):
    """Return all that a sample parser finds in a file."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        path = f"tests.tenants.sandbox.sample_parsers.{parser}"
        return list(parse_in_sandbox(path, file, limits=limits, slot_wait_seconds=60, **options))


def list_children() -> set[str]:
    """Return the ids of this process's children."""
    return set(Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split())


@pytest.fixture(autouse=True)
def _outside_businesses(db):
    """The owner of a slot is the current business, and none is."""


def test_a_parser_yields_its_values_in_order():
    assert parse("count_bytes", b"x" * 70_000, times=3) == [70_000] * 3


def test_a_parser_has_no_environment_and_no_django(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for parsers")

    environment, packages = parse("describe_process")

    assert set(environment) <= {"LANG", "LC_CTYPE"}
    assert {"django", "psycopg", "config", "structlog"}.isdisjoint(packages)


@pytest.mark.parametrize("parser", ["fill_memory", "talk_for_ever", "yield_one_huge_value", "die"])
def test_a_parser_without_bounds_is_ended(parser):
    with pytest.raises(ParserLimitExceeded):
        parse(parser)


def test_a_parser_that_computes_too_long_is_ended():
    with pytest.raises(ParserLimitExceeded):
        parse("compute_for_ever", limits=ParserLimits(128 * 2**20, 1, 600, 2**20))


def test_a_parser_that_waits_too_long_is_ended():
    with pytest.raises(ParserLimitExceeded):
        parse("sleep_for_ever", limits=ParserLimits(128 * 2**20, 20, 1, 2**20))


def test_a_parser_writes_no_files(tmp_path):
    target = tmp_path / "x"

    with pytest.raises(ParserFailed, match="OSError"):
        parse("write_a_file", path=str(target))

    assert not target.exists() or not target.read_bytes()


def test_a_parser_opens_few_files_and_sockets():
    with pytest.raises(ParserFailed, match="OSError"):
        parse("open_many_sockets")


def test_a_parser_gets_no_more_memory_than_its_limit():
    assert parse("reserve_memory", size=LIMITS.memory // 4) == [LIMITS.memory // 4]

    with pytest.raises(ParserLimitExceeded):
        parse("reserve_memory", size=LIMITS.memory)


def test_a_parser_can_raise_none_of_its_limits():
    """It may start no process, write no file and leave no core dump; the kernel ends what computes for ever."""
    assert dict(parse("list_limits")) == {
        "AS": [LIMITS.memory] * 2,
        "CPU": [LIMITS.cpu_seconds] * 2,
        "FSIZE": [0, 0],
        "NPROC": [0, 0],
        "NOFILE": [MAX_OPEN_FILES] * 2,
        "CORE": [0, 0],
    }


def test_a_parser_ends_by_itself_if_its_parent_is_killed_and_first_if_memory_runs_out():
    seconds, oom_score = parse("describe_end")

    assert 0 < seconds <= 20 * LIMITS.wait_seconds
    assert oom_score == 1000


def test_a_refusal_keeps_its_reason():
    with pytest.raises(FileRefused, match="not-today"):
        parse("refuse")


def test_the_text_of_an_error_that_may_quote_the_file_stays_in_the_child(caplog):
    with pytest.raises(ParserFailed) as failure:
        parse("fail")

    assert str(failure.value) == "ZeroDivisionError"
    assert "ana@example.com" not in caplog.text


def test_a_caller_who_stops_reading_leaves_no_process_and_no_slot(settings):
    settings.SANDBOX_PROCESSES = 1
    before = list_children()
    with tempfile.TemporaryFile() as file:
        path = "tests.tenants.sandbox.sample_parsers.talk_for_ever"
        values = parse_in_sandbox(path, file, limits=LIMITS, slot_wait_seconds=0)
        with closing(values):
            assert len(list(islice(values, 5))) == 5
            assert list_children() != before

    assert list_children() == before
    assert parse("count_bytes", b"x") == [1]


def test_a_caller_hears_that_a_silent_parser_lives(monkeypatch):
    monkeypatch.setattr(parser_processes, "PROGRESS_SECONDS", 0.1)
    heard = []

    with pytest.raises(ParserLimitExceeded):
        parse("sleep_for_ever", limits=ParserLimits(128 * 2**20, 20, 1, 2**20), on_progress=lambda: heard.append(1))

    assert len(heard) > 3


def test_a_parser_reads_the_file_from_its_beginning():
    with tempfile.TemporaryFile() as file:
        file.write(b"12345")
        file.flush()
        path = "tests.tenants.sandbox.sample_parsers.count_bytes"

        assert list(parse_in_sandbox(path, file, limits=LIMITS, slot_wait_seconds=60)) == [5]


def test_a_file_in_memory_only_is_no_file_of_a_parser():
    with pytest.raises(io.UnsupportedOperation):
        list(parse_in_sandbox("x.y", io.BytesIO(b"1"), limits=LIMITS, slot_wait_seconds=60))


def test_without_a_free_slot_a_parser_is_not_started(settings):
    settings.SANDBOX_PROCESSES = 1
    with tempfile.TemporaryFile() as file:
        path = "tests.tenants.sandbox.sample_parsers.talk_for_ever"
        with closing(parse_in_sandbox(path, file, limits=LIMITS, slot_wait_seconds=0)) as values:
            next(values)
            before = list_children()
            with pytest.raises(SandboxBusy):
                next(parse_in_sandbox(path, file, limits=LIMITS, slot_wait_seconds=0))
            assert list_children() == before
