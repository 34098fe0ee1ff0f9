"""A large file reaches its page through a real web server, and what a stop interrupts is finished first."""

import socket

import pytest
import requests

from portal.clients.models import Upload
from tenants.context import use_business
from tests.attacks.slow_connections import build_request_head, read_status
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

PAGE = "/console/acme/clients/uploads/"
# More than anybody may send unasked.
ROWS = 60_000


@pytest.fixture
def member_session(committed_db, staff_client) -> requests.Session:
    """A browser of a manager of Acme, for a web server of its own."""
    session = requests.Session()
    browser = staff_client("manager")
    browser.get(PAGE)
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    session.headers.update({"Host": "localhost", "Cookie": cookie, "X-CSRFToken": cookies["csrf"]})
    return session


def test_a_member_uploads_a_large_list(processes, acme, member_session):
    content = "Name,Email\n" + "".join(f"Person {number},p{number}@example.com\n" for number in range(ROWS))
    processes.start("web")

    answer = member_session.post(
        f"http://127.0.0.1:{processes.port}{PAGE}",
        files={"file": ("list.csv", content)},
        allow_redirects=False,
        timeout=60,
    )

    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].endswith("/format/")
    with use_business(acme):
        assert Upload.objects.get().size == len(content)


def test_a_large_list_sent_without_a_session_is_not_read(processes, acme, member_session):
    processes.start("web")
    member_session.headers["Cookie"] = ""

    answer = member_session.post(
        f"http://127.0.0.1:{processes.port}{PAGE}", data=b"a" * 3_000_000, allow_redirects=False, timeout=60
    )

    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/staff/sign-in/")


def test_a_form_that_is_arriving_when_the_server_is_stopped_is_answered(processes, acme):
    processes.start("web")
    headers = {"Content-Length": "3", "Expect": "100-continue"}
    head = build_request_head("POST", "/sign-in/", host="acme.localhost", network="10.1.1.1", **headers)
    with socket.create_connection(("127.0.0.1", processes.port), timeout=60) as connection:
        connection.sendall(head)
        # Only then is the form under way: a stop may close a connection that nobody has read from.
        assert b" 100 " in connection.recv(65_536)
        connection.sendall(b"a=")
        processes.request_stop("web")
        wait_until(lambda: processes.get_page("/livez")[0] == 0, what="no new connections")
        connection.sendall(b"b")

        assert read_status(connection) == 403
    wait_until(lambda: not processes.is_running("web"), what="the server stopped")
    assert processes.exit_code("web") == 0
