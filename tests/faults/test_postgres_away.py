"""What do people see while PostgreSQL is away, and does everything come back by itself?"""

import signal
from threading import Event, Thread

import pytest

from tests.faults.plant import until
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.faults

ANA = "ana@example.com"


@pytest.fixture
def acme(acme, client_of):
    """Acme, with Ana on file."""
    client_of(acme, ANA)
    return acme


@pytest.fixture
def plant(acme, plant, postgres):
    """A plant at work on this PostgreSQL, where nobody asks too often."""
    plant.env |= {"DATABASE_URL": postgres.url, "LOGIN_REQUESTS_PER_IP": "100000/10 minutes"}
    plant.start("web", "codes-1", "sweep")
    return plant


def test_after_a_crash_every_guess_is_still_counted_and_everything_goes_on_by_itself(
    plant, postgres, mailbox, redis_db
):
    visitor = Visitor(plant.port)
    visitor.ask(ANA)
    until(lambda: mailbox.has(ANA), what="a code")
    right = mailbox.codes_of(ANA)[0]
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    assert [visitor.answer(wrong).status_code for _guess in range(2)] == [422] * 2

    postgres.kill()
    for answer in (visitor.open("/sign-in/"), visitor.submit("/sign-in/code/", code=right)):
        assert_clean_503(answer)
    assert plant.get("/livez")[0] == 200
    until(lambda: plant.get("/readyz")[0] == 503, what="the end of readiness")

    postgres.start()
    postgres.wait()
    until(lambda: visitor.open("/sign-in/?again").status_code == 200, what="the sign-in page")
    assert [visitor.answer(wrong).status_code for _guess in range(3)] == [422] * 3
    assert visitor.answer(right).status_code != 302
    assert visitor.open("/").status_code == 302

    assert_codes_come(plant, mailbox, redis_db)


def test_a_restart_under_load_shows_nobody_more_than_a_clean_503(plant, postgres, mailbox, redis_db):
    answers = []
    stopping = Event()

    def look_around() -> None:
        visitor = Visitor(plant.port)
        while not stopping.is_set():
            answers.append(visitor.ask(f"stranger-{len(answers)}@example.org"))

    threads = [Thread(target=look_around) for _thread in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: len(answers) > 20, what="the first answers")
    postgres.stop()
    until(lambda: answers[-1].status_code == 503, what="a 503")
    postgres.start()
    postgres.wait()
    until(lambda: answers[-1].status_code == 302, what="everything as before")
    stopping.set()
    for thread in threads:
        thread.join()

    assert {answer.status_code for answer in answers} == {302, 503}
    for answer in answers:
        if answer.status_code == 503:
            assert_clean_503(answer)
    assert_codes_come(plant, mailbox, redis_db)


def assert_clean_503(answer) -> None:
    """Say what a visitor may see of a database that is away: a sentence, and when to come back."""
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Traceback" not in answer.text
    assert "psycopg" not in answer.text


def assert_codes_come(plant, mailbox, redis_db) -> None:
    """Ask for two codes: one that the bell announces, and one that only the sweeper finds."""
    had = len(mailbox.codes_of(ANA))
    assert Visitor(plant.port).ask(ANA).status_code == 302
    until(lambda: len(mailbox.codes_of(ANA)) == had + 1, what="a code, rung for")
    plant.send("codes-1", signal.SIGSTOP)
    assert Visitor(plant.port).ask(ANA).status_code == 302
    redis_db.flushdb()
    plant.send("codes-1", signal.SIGCONT)
    until(lambda: len(mailbox.codes_of(ANA)) == had + 2, what="a code, found by the sweeper")
