"""During an outage of PostgreSQL people see a clean 503, and everything recovers by itself."""

import signal
from threading import Event, Thread

import pytest

from tests.faults.cluster import wait_until
from tests.faults.sign_in_browser import SignInBrowser

pytestmark = pytest.mark.faults

ANA = "ana@example.com"


@pytest.fixture
def acme(acme, add_client):
    """Acme, with Ana as a client."""
    add_client(acme, ANA)
    return acme


@pytest.fixture
def cluster(acme, cluster, postgres):
    """A running cluster on this PostgreSQL, with a rate limit that is never reached."""
    cluster.env |= {"DATABASE_URL": postgres.url, "LOGIN_REQUESTS_PER_IP": "100000/10 minutes"}
    cluster.start("web", "codes-1", "sweep")
    return cluster


def test_after_a_crash_every_guess_is_still_counted_and_everything_goes_on_by_itself(
    cluster, postgres, mailbox, redis_db
):
    browser = SignInBrowser(cluster.port)
    browser.request_code(ANA)
    wait_until(lambda: mailbox.has(ANA), what="a code")
    right = mailbox.codes_of(ANA)[0]
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    assert [browser.submit_code(wrong).status_code for _guess in range(2)] == [422] * 2

    postgres.kill()
    for answer in (browser.open("/sign-in/"), browser.submit("/sign-in/code/", code=right)):
        assert_clean_503(answer)
    assert cluster.get("/livez")[0] == 200
    wait_until(lambda: cluster.get("/readyz")[0] == 503, what="the end of readiness")

    postgres.start()
    postgres.wait()
    wait_until(lambda: browser.open("/sign-in/?again").status_code == 200, what="the sign-in page")
    assert [browser.submit_code(wrong).status_code for _guess in range(3)] == [422] * 3
    assert browser.submit_code(right).status_code != 302
    assert browser.open("/").status_code == 302

    assert_codes_come(cluster, mailbox, redis_db)


def test_a_restart_under_load_shows_nobody_more_than_a_clean_503(cluster, postgres, mailbox, redis_db):
    answers = []
    stopping = Event()

    def send_requests() -> None:
        browser = SignInBrowser(cluster.port)
        while not stopping.is_set():
            answers.append(browser.request_code(f"stranger-{len(answers)}@example.org"))

    threads = [Thread(target=send_requests) for _thread in range(4)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(answers) > 20, what="the first answers")
    postgres.stop()
    wait_until(lambda: answers[-1].status_code == 503, what="a 503")
    postgres.start()
    postgres.wait()
    wait_until(lambda: answers[-1].status_code == 302, what="everything as before")
    stopping.set()
    for thread in threads:
        thread.join()

    assert {answer.status_code for answer in answers} == {302, 503}
    for answer in answers:
        if answer.status_code == 503:
            assert_clean_503(answer)
    assert_codes_come(cluster, mailbox, redis_db)


def assert_clean_503(answer) -> None:
    """Assert that a response is a 503 with a Retry-After header and no internals."""
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Traceback" not in answer.text
    assert "psycopg" not in answer.text


def assert_codes_come(cluster, mailbox, redis_db) -> None:
    """Request two codes: one that is enqueued, and one whose message is lost, which only the sweeper finds."""
    had = len(mailbox.codes_of(ANA))
    assert SignInBrowser(cluster.port).request_code(ANA).status_code == 302
    wait_until(lambda: len(mailbox.codes_of(ANA)) == had + 1, what="a code, rung for")
    cluster.send("codes-1", signal.SIGSTOP)
    assert SignInBrowser(cluster.port).request_code(ANA).status_code == 302
    redis_db.flushdb()
    cluster.send("codes-1", signal.SIGCONT)
    wait_until(lambda: len(mailbox.codes_of(ANA)) == had + 2, what="a code, found by the sweeper")
