"""U10: who sends a form byte by byte, or leaves a response unread, costs no business anything."""

from collections.abc import Iterator

import pytest

from tests.attacks.production_server import PLATFORM, PORTAL, ProductionServer, run_production_server
from tests.attacks.slow_connections import (
    build_request_head,
    connect,
    count_answered,
    open_slow_readers,
    open_slow_senders,
    read_status,
    send_one_byte_each,
    send_steadily_until_answered,
    wait_for_answers,
    wait_until_closed,
)

pytestmark = pytest.mark.slow

UPLOADS = "/console/acme/clients/uploads/"
CONNECTIONS = 200
PAGES = 50
BODIES_PER_NETWORK = 50
OTHER_PORTAL = "globex.portico.io"
# Larger than what the kernel keeps for a connection.
LARGE_FILE = "/static/large.bin"
LARGE_FILE_BYTES = 8 * 2**20
CHUNK = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"


@pytest.fixture(scope="module")
def patient_server(django_db_setup, tmp_path_factory) -> Iterator[ProductionServer]:
    """A web server of four threads that waits for slow connections longer than any test lasts."""
    timeouts = {"REQUEST_BODY_TIMEOUT": "600", "UPLOAD_TIMEOUT": "600", "RESPONSE_STALL_TIMEOUT": "600"}
    yield from run_with_large_file(tmp_path_factory.mktemp("patient"), **timeouts)


@pytest.fixture(scope="module")
def impatient_server(django_db_setup, tmp_path_factory) -> Iterator[ProductionServer]:
    """A web server that waits for slow connections for two seconds, and for a body until a test has opened all."""
    timeouts = {"REQUEST_HEADER_TIMEOUT": "2", "REQUEST_BODY_TIMEOUT": "10", "RESPONSE_STALL_TIMEOUT": "2"}
    yield from run_with_large_file(tmp_path_factory.mktemp("impatient"), **timeouts)


def run_with_large_file(folder, **env: str) -> Iterator[ProductionServer]:
    """Run a web server that has a large static file."""
    (folder / "static").mkdir()
    (folder / "static" / "large.bin").write_bytes(bytes(LARGE_FILE_BYTES))
    with run_production_server(folder, **env) as server:
        yield server


def test_other_businesses_are_served_beside_200_slow_senders(patient_server):
    with open_slow_senders(patient_server.port, CONNECTIONS) as senders:
        for _ in range(PAGES):
            assert patient_server.request("/sign-in/", host=OTHER_PORTAL).status == 200
            send_one_byte_each(senders)

        assert count_answered(senders) == 0


def test_forms_are_accepted_beside_200_slow_senders(patient_server):
    with open_slow_senders(patient_server.port, CONNECTIONS) as senders:
        answer = patient_server.request("/sign-in/", host=OTHER_PORTAL, method="POST", body=b"identifier=a")

        assert answer.status == 403  # It has no token; that was read from the body.
        assert count_answered(senders) == 0


def test_other_businesses_are_served_beside_readers_who_take_nothing(patient_server):
    with open_slow_readers(patient_server.port, CONNECTIONS, LARGE_FILE) as readers:
        for _ in range(PAGES):
            assert patient_server.request("/sign-in/", host=OTHER_PORTAL).status == 200

        assert len(readers) == CONNECTIONS
        assert patient_server.request(LARGE_FILE).body == "\0" * LARGE_FILE_BYTES


def test_a_form_has_a_deadline_in_all_however_steadily_its_bytes_come(impatient_server):
    with open_slow_senders(impatient_server.port, 20) as [steady, *others]:
        send_steadily_until_answered(steady)

        assert {read_status(sender) for sender in others} == {408}


def test_a_connection_without_a_request_is_closed(impatient_server):
    with connect(impatient_server.port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: ")

        wait_until_closed(connection)


def test_a_connection_that_stays_idle_after_an_answer_is_closed(impatient_server):
    with connect(impatient_server.port) as connection:
        connection.sendall(build_request_head("GET", "/sign-in/", host=PORTAL, network="198.51.100.16"))
        assert read_status(connection) == 200

        wait_until_closed(connection)


def test_whoever_announces_a_body_and_waits_to_be_asked_for_it_has_the_deadline_of_others(impatient_server):
    expecting = {"Content-Length": "3", "Expect": "100-continue"}
    head = build_request_head("POST", "/sign-in/", host=PORTAL, network="198.51.100.17", **expecting)
    with connect(impatient_server.port) as connection:
        connection.sendall(head)
        assert connection.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"

        assert read_status(connection) == 408


def test_a_response_that_nobody_reads_is_dropped(impatient_server):
    with open_slow_readers(impatient_server.port, 20, LARGE_FILE) as readers:
        for reader in readers:
            wait_until_closed(reader)


def test_one_network_can_only_keep_some_bodies_arriving(patient_server):
    with open_slow_senders(patient_server.port, BODIES_PER_NETWORK + 1, network="198.51.100.9") as senders:
        (refused,) = wait_for_answers(senders)
        assert read_status(refused) == 429

        with open_slow_senders(patient_server.port, 1, network="198.51.100.10") as neighbours:
            assert patient_server.request("/sign-in/").status == 200
            assert count_answered([*neighbours, *(sender for sender in senders if sender is not refused)]) == 0


@pytest.mark.parametrize("path", [UPLOADS, "/console/acme/portal/branding/logo/"])
def test_a_stranger_is_sent_to_sign_in_before_a_large_body_is_read(patient_server, path):
    """Nothing of it was sent when the answer comes."""
    head = build_request_head("POST", path, host=PLATFORM, network="198.51.100.11", **{"Content-Length": "2500000"})
    with connect(patient_server.port) as connection:
        connection.sendall(head)

        assert read_status(connection) == 302


@pytest.mark.parametrize(("host", "path"), [(PORTAL, "/contact/"), (PLATFORM, "/hooks/sendgrid/"), (PORTAL, "/x/")])
def test_a_large_body_for_a_page_that_takes_none_is_refused_unread(patient_server, host, path):
    head = build_request_head("POST", path, host=host, network="198.51.100.12", **{"Content-Length": "1048577"})
    with connect(patient_server.port) as connection:
        connection.sendall(head)

        assert read_status(connection) == (404 if path == "/x/" else 413)


def test_a_body_without_a_length_is_refused_where_it_grows_too_large(patient_server):
    chunked = {"Transfer-Encoding": "chunked"}
    head = build_request_head("POST", "/sign-in/", host=PORTAL, network="198.51.100.13", **chunked)
    with connect(patient_server.port) as connection:
        connection.sendall(head + CHUNK * 17)

        assert read_status(connection) == 413


def test_a_body_without_a_length_is_read(patient_server):
    form = {"Transfer-Encoding": "chunked", "Content-Type": "application/x-www-form-urlencoded"}
    form |= {"Cookie": f"__Host-csrf={'a' * 32}", "Origin": f"https://{PORTAL}"}
    body = f"identifier=nobody&csrfmiddlewaretoken={'a' * 32}".encode()
    head = build_request_head("POST", "/sign-in/", host=PORTAL, network="198.51.100.14", **form)
    with connect(patient_server.port) as connection:
        connection.sendall(head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))

        assert read_status(connection) == 422  # The token was found, and so was what isn't an address.


def test_whoever_asks_before_sending_is_told_to_go_on(patient_server):
    expecting = {"Content-Length": "3", "Expect": "100-continue"}
    head = build_request_head("POST", "/sign-in/", host=PORTAL, network="198.51.100.15", **expecting)
    with connect(patient_server.port) as connection:
        connection.sendall(head)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"a=b")

        assert read_status(connection) == 403
