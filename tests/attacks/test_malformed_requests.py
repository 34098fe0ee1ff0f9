"""U10: requests that are no proper HTTP are refused, cost nobody else anything and carry no second request."""

import re
import socket
from collections.abc import Iterator

import pytest

from tests.attacks.production_server import PLATFORM, PORTAL, ProductionServer, run_production_server
from tests.attacks.slow_connections import build_request_head, connect, read_status

pytestmark = pytest.mark.slow

NETWORK = "198.51.100.20"
CHUNKED = {"Transfer-Encoding": "chunked"}
HIDDEN_REQUEST = b"GET /hidden-request/ HTTP/1.1\r\nHost: acme.portico.io\r\n\r\n"
UNREADABLE_BODIES = {
    "an extension of a megabyte": b"1;" + b"a" * 1_000_000 + b"\r\na\r\n0\r\n\r\n",
    "an extension with every chunk": (b"1;" + b"a" * 8000 + b"\r\na\r\n") * 400 + b"0\r\n\r\n",
    "a length of more digits than numbers have": b"F" * 17 + b"\r\na",
    "a length that is no number": b"ten\r\naaaaaaaaaa\r\n0\r\n\r\n",
    "a chunk longer than its length": b"1\r\naaaa\r\n0\r\n\r\n",
    "a trailer of a megabyte": b"1\r\na\r\n0\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "thousands of trailers": b"1\r\na\r\n0\r\n" + b"X: a\r\n" * 10_000 + b"\r\n",
}
AMBIGUOUS_LENGTHS = ["+5", "5, 5", "5,6", "-1", "0x5", "5 5", "1" * 30, ""]


@pytest.fixture(scope="module")
def server(django_db_setup, tmp_path_factory) -> Iterator[ProductionServer]:
    """A web server that waits a minute for a connection, so that no test depends on when it gives up."""
    with run_production_server(tmp_path_factory.mktemp("malformed"), REQUEST_HEADER_TIMEOUT="60") as server:
        yield server


@pytest.fixture(autouse=True)
def _others_are_served(server):
    yield
    assert server.request("/sign-in/", host="globex.portico.io").status == 200


def build_head(method: str = "POST", path: str = "/sign-in/", **headers: str) -> bytes:
    return build_request_head(method, path, host=PORTAL, network=NETWORK, **headers)


def send(server: ProductionServer, request: bytes, *, half_close: bool = False) -> int:
    """Send bytes and return the status of the first answer; 0 if there is none."""
    with connect(server.port) as connection:
        connection.sendall(request)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        return read_status(connection)


def read_everything(server: ProductionServer, request: bytes) -> bytes:
    """Send bytes, and return all that comes until the server closes the connection."""
    with connect(server.port) as connection:
        connection.sendall(request)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
        return received


@pytest.mark.parametrize("body", UNREADABLE_BODIES)
def test_a_body_that_can_not_be_read_is_a_bad_request_and_no_error_of_ours(server, body):
    assert send(server, build_head(**CHUNKED) + UNREADABLE_BODIES[body]) == 400


def test_a_body_that_ends_early_is_a_bad_request_and_no_error_of_ours(server):
    assert send(server, build_head(**{"Content-Length": "10"}) + b"abc", half_close=True) == 400


@pytest.mark.parametrize("length", AMBIGUOUS_LENGTHS)
def test_a_length_that_can_be_read_in_two_ways_is_refused(server, length):
    assert send(server, build_head(**{"Content-Length": length}) + b"aaaaa") == 400


def test_two_lengths_are_refused(server):
    assert send(server, build_head(**{"Content-Length": "5", "content-length": "6"}) + b"aaaaaa") == 400


@pytest.mark.parametrize("coding", ["identity", "chunked, identity", "xchunked"])
def test_a_body_whose_end_nobody_can_tell_is_refused(server, coding):
    assert send(server, build_head(**{"Transfer-Encoding": coding}) + b"1\r\na\r\n0\r\n\r\n") == 400


def test_a_length_beside_chunks_hides_no_second_request(server):
    headers = {"Content-Length": str(5 + len(HIDDEN_REQUEST))} | CHUNKED

    received = read_everything(server, build_head(**headers) + b"0\r\n\r\n" + HIDDEN_REQUEST)

    assert received.startswith(b"HTTP/1.1 403")
    assert received.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "line", [b"Content-Length : 5", b"X: a\r\n Content-Length: 5", b"X: a\0b", b"X: a\rContent-Length: 5"]
)
def test_a_header_that_proxies_read_in_other_ways_is_refused(server, line):
    assert send(server, build_head("GET")[:-2] + line + b"\r\n\r\n") == 400


@pytest.mark.parametrize(
    "head",
    [
        build_head("GET")[:-2] + b"".join(b"X-%d: a\r\n" % number for number in range(10_000)) + b"\r\n",
        build_head("GET")[:-2] + b"".join(b"X-%d: a\r\n" % number for number in range(500)) + b"\r\n",
        build_head("GET", "/" + "a" * 60_000),
    ],
    ids=["thousands of headers", "hundreds of headers", "a long address"],
)
def test_headers_without_end_are_refused(server, head):
    assert send(server, head) == 431


def test_pipelined_requests_are_answered_one_after_the_other(server):
    requests = [build_head("GET", f"/missing-{number}/") for number in range(50)]
    last = build_head("GET", "/sign-in/", Connection="close")

    received = read_everything(server, b"".join([*requests, last]))

    assert re.findall(rb"HTTP/1\.1 (\d+)", received) == [b"404"] * 50 + [b"200"]


def test_a_request_by_http_2_is_not_answered(server):
    assert send(server, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9)) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings", "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA"},
        {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="},
    ],
    ids=["h2c", "websocket"],
)
def test_an_upgrade_is_not_made(server, headers):
    assert send(server, build_head("GET", **headers)) == 200


def test_no_tunnel_is_opened(server):
    request = f"CONNECT {PLATFORM}:443 HTTP/1.1\r\nHost: {PLATFORM}\r\nX-Forwarded-Proto: https\r\n\r\n"

    assert send(server, request.encode()) in (400, 403, 404, 405)
