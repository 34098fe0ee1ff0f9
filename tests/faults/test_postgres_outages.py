"""During an outage of PostgreSQL people see a clean 503, and everything recovers by itself."""

import signal
from threading import Event, Thread

import pytest

from tests.faults.http_browser import HttpBrowser
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

ANA = "ana@example.com"


@pytest.fixture
def acme(acme, create_client_with_email):
    """Acme, with Ana as a client."""
    create_client_with_email(acme, ANA)
    return acme


@pytest.fixture
def processes(acme, processes, postgres):
    """A running cluster on this PostgreSQL, with a rate limit that is never reached."""
    processes.env |= {"DATABASE_URL": postgres.connection_url, "LOGIN_REQUESTS_PER_IP": "10000/minute"}
    processes.start("web", "codes-1", "sweep")
    return processes


def test_guesses_stay_counted_and_programs_recover_after_a_postgres_crash(
    processes, postgres, accepted_mails, redis_db
):
    browser = HttpBrowser(processes.port)
    browser.request_code(ANA)
    wait_until(lambda: accepted_mails.has_recipient(ANA), what="a code")
    right = accepted_mails.codes_of(ANA)[0]
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    assert [browser.submit_code(wrong).status_code for _guess in range(2)] == [422] * 2

    postgres.kill()
    for answer in (browser.get("/sign-in/"), browser.submit("/sign-in/code/", code=right)):
        assert_clean_503(answer)
    assert processes.get_page("/livez")[0] == 200
    wait_until(lambda: processes.get_page("/readyz")[0] == 503, what="the end of readiness")

    postgres.start()
    postgres.wait_until_ready()
    wait_until(lambda: browser.get("/sign-in/?again").status_code == 200, what="the sign-in page")
    assert [browser.submit_code(wrong).status_code for _guess in range(3)] == [422] * 3
    assert browser.submit_code(right).status_code != 302
    assert browser.get("/").status_code == 302

    assert_codes_are_sent(processes, accepted_mails, redis_db)


def test_a_postgres_restart_under_load_causes_only_clean_503_pages(processes, postgres, accepted_mails, redis_db):
    answers = []
    stopping = Event()

    def send_requests() -> None:
        browser = HttpBrowser(processes.port)
        while not stopping.is_set():
            answers.append(browser.request_code(f"stranger-{len(answers)}@example.org"))

    threads = [Thread(target=send_requests) for _thread in range(4)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(answers) > 20, what="the first answers")
    postgres.stop()
    wait_until(lambda: answers[-1].status_code == 503, what="a 503")
    postgres.start()
    postgres.wait_until_ready()
    wait_until(lambda: answers[-1].status_code == 302, what="everything as before")
    stopping.set()
    for thread in threads:
        thread.join()

    assert {answer.status_code for answer in answers} == {302, 503}
    for answer in answers:
        if answer.status_code == 503:
            assert_clean_503(answer)
    assert_codes_are_sent(processes, accepted_mails, redis_db)


def assert_clean_503(answer) -> None:
    """Assert that a response is a 503 with a Retry-After header and no internals."""
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Traceback" not in answer.text
    assert "psycopg" not in answer.text


def assert_codes_are_sent(processes, accepted_mails, redis_db) -> None:
    """Request two codes: one that is enqueued, and one whose message is lost, which only the sweeper finds."""
    had = len(accepted_mails.codes_of(ANA))
    assert HttpBrowser(processes.port).request_code(ANA).status_code == 302
    wait_until(lambda: len(accepted_mails.codes_of(ANA)) == had + 1, what="a code, rung for")
    processes.send_signal("codes-1", signal.SIGSTOP)
    assert HttpBrowser(processes.port).request_code(ANA).status_code == 302
    redis_db.flushdb()
    processes.send_signal("codes-1", signal.SIGCONT)
    wait_until(lambda: len(accepted_mails.codes_of(ANA)) == had + 2, what="a code, found by the sweeper")
