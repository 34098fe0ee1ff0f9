"""Tests that a slow, endless or odd receiver gets no more than its time and its share of memory."""

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import trustme
from pytest_httpserver import HTTPServer

from tenants.webhooks import http_client
from tenants.webhooks.destinations import Destination
from tests.fakes.webhook_sink import WebhookSink


@pytest.fixture
def sink():
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def post(sink) -> Callable[..., http_client.WebhookResponse]:
    """Return a function that posts to the sink."""

    def post(timeout: float = 30.0, addresses: Iterable[str] = ("127.0.0.1",)) -> http_client.WebhookResponse:
        port = sink._server.server_address[1]
        destination = Destination("http", "hooks.example.com", port, "/hook")
        return http_client.post_webhook(destination, [*addresses], body=b"{}", headers={"a": "b"}, timeout=timeout)

    return post


def answer_with(*pieces: bytes) -> Callable[[Any], None]:
    """Return what writes some bytes to a connection and closes it."""
    return lambda file: [file.write(piece) for piece in pieces]


def test_the_host_header_names_the_host_and_not_the_address(sink, post):
    assert post().succeeded
    assert sink.received[0].headers["host"].startswith("hooks.example.com:")


def test_a_receiver_that_answers_nothing_is_left_after_the_time(sink, post):
    sink.answer = lambda _request: lambda _file: sink.stop.wait(60)

    assert post(timeout=0.2).error == "timeout"


def test_headers_that_drip_in_are_left_after_the_time(sink, post):
    def drip(file):
        while not sink.stop.wait(0.02):
            file.write(b"x")
            file.flush()

    sink.answer = lambda _request: drip

    assert post(timeout=0.3).error == "timeout"


def test_a_body_that_drips_in_is_left_after_the_time_and_the_status_counts(sink, post):
    def drip(file):
        file.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not sink.stop.wait(0.02):
            file.write(b"x")
            file.flush()

    sink.answer = lambda _request: drip

    assert post(timeout=0.5).status == 200


def test_of_ten_megabytes_64_kib_are_read(sink, post):
    sink.answer = lambda _request: answer_with(
        b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n", *[b"x" * 100_000] * 100
    )

    answer = post()
    assert (answer.status, len(answer.text)) == (200, http_client.MAX_ANSWER_BYTES)


def test_endless_headers_are_no_answer(sink, post):
    sink.answer = lambda _request: answer_with(b"HTTP/1.1 200 OK\r\n", *[b"a: " + b"x" * 60_000 + b"\r\n"] * 50)

    assert post().status in (None, 200)
    assert post().text == ""


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00\xff\xfe",
        b"HTTP/1.1 999999 No\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
    ],
)
def test_what_is_no_http_is_no_success(sink, post, answer):
    sink.answer = lambda _request: answer_with(answer)

    assert not post().succeeded


def test_broken_chunks_leave_the_status(sink, post):
    sink.answer = lambda _request: answer_with(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\nshort")

    assert post().status == 200


def test_a_chunk_of_less_than_no_bytes_leaves_the_status(sink, post):
    sink.answer = lambda _request: answer_with(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nshort")

    assert (post().status, post().text) == (200, "")


def test_what_announces_the_response_is_not_taken_for_it(sink, post):
    announced = b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    final = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"
    sink.answer = lambda _request: answer_with(announced, final)

    assert (post().status, post().text) == (200, "fine")


def test_a_receiver_that_only_ever_announces_a_response_gives_none(sink, post):
    sink.answer = lambda _request: answer_with(b"HTTP/1.1 102 Processing\r\n\r\n" * 10_000)

    assert (post().status, post().error) == (None, "unreachable")


def test_an_address_that_can_t_be_reached_is_followed_by_the_next(sink, post):
    assert post(addresses=["::1", "127.0.0.1"]).succeeded
    assert len(sink.received) == 1
    assert post(addresses=["::1", "::1"]).error == "unreachable"


def test_addresses_that_never_answer_leave_the_last_most_of_the_time(monkeypatch):
    given = {}

    def connect(address, timeout):
        given[address[0]] = timeout
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", connect)
    addresses, timeout = ["192.0.2.1", "192.0.2.2", "192.0.2.3"], http_client.TIMEOUT_SECONDS
    destination = Destination("http", "hooks.example.com", 80, "/")
    answer = http_client.post_webhook(destination, addresses, body=b"", headers={}, timeout=timeout)

    assert answer.error == "timeout"
    assert [given[address] for address in addresses[:2]] == [http_client.CONNECT_SECONDS] * 2
    assert given["192.0.2.3"] > 2 * http_client.CONNECT_SECONDS
    assert timeout - 2 * http_client.CONNECT_SECONDS >= 3


def test_a_short_time_is_shared_by_the_addresses(monkeypatch):
    given = []

    def connect(_address, timeout):
        given.append(timeout)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", connect)
    destination = Destination("http", "hooks.example.com", 80, "/")
    http_client.post_webhook(destination, ["192.0.2.1", "192.0.2.2"], body=b"", headers={}, timeout=1.0)

    assert given[0] <= 0.5


def test_the_address_that_was_reached_is_tried_first_afterwards(sink):
    addresses = ["::1", "127.0.0.1", "127.0.0.2"]
    destination = Destination("http", "hooks.example.com", sink._server.server_address[1], "/hook")
    answer = http_client.post_webhook(destination, addresses, body=b"{}", headers={}, timeout=30)

    assert answer.succeeded
    assert addresses == ["127.0.0.1", "::1", "127.0.0.2"]


def test_a_text_that_postgresql_can_t_store_is_cleaned(sink, post):
    sink.answer = lambda _request: answer_with(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\x00\xff\xd8ab")

    assert post().text == "\ufffd\ufffd\ufffdab"


def test_a_closed_port_is_unreachable():
    answer = http_client.post_webhook(
        Destination("http", "hooks.example.com", 1, "/"), ["127.0.0.1"], body=b"", headers={}, timeout=5
    )

    assert (answer.status, answer.error) == (None, "unreachable")


def test_a_proxy_of_the_environment_is_not_used(sink, post, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")

    assert post().succeeded


@pytest.mark.parametrize(("name", "error"), [("hooks.example.com", ""), ("other.example.com", "tls")])
def test_the_certificate_has_to_be_the_host_s(name, error, monkeypatch, tmp_path):
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert(name).configure_cert(context)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    http_client._build_tls_context.cache_clear()
    with HTTPServer(host="127.0.0.1", ssl_context=context) as server:
        server.expect_request("/").respond_with_data("fine")
        destination = Destination("https", "hooks.example.com", server.port, "/")
        answer = http_client.post_webhook(destination, ["127.0.0.1"], body=b"{}", headers={}, timeout=30)
    http_client._build_tls_context.cache_clear()

    assert (answer.error, answer.succeeded) == (error, not error)


def test_no_deadline_is_extended_by_what_arrives(sink, post):
    assert http_client.TIMEOUT_SECONDS == 5
    with pytest.raises(TimeoutError):
        http_client._get_remaining_seconds(time.monotonic() - 1)


def test_no_more_is_received_than_headers_and_a_part_of_the_answer_may_have():
    sizes = []

    def receive(buffer: memoryview) -> int:
        sizes.append(len(buffer))
        assert sum(sizes) <= 2 * http_client.MAX_ANSWER_BYTES
        return len(buffer)

    assert len(http_client._DeadlineReader(receive).readall()) == 2 * http_client.MAX_ANSWER_BYTES
