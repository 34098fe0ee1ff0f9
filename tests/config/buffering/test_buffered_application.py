"""The buffered application: bodies arrive whole and in time, and responses are sent as they are."""

import asyncio
import io
import tempfile
from wsgiref.util import FileWrapper as OtherFileWrapper

import pytest

from config.buffering.request_bodies import MANY_PIECES, MIN_BYTES_PER_PIECE
from tenants.body_limits import BODY_ADMISSION, BODY_REFUSAL
from tenants.limits import BODY_BYTES_IN_MEMORY, ORDINARY_BODY_BYTES, RESPONSE_BYTES_IN_MEMORY
from tests.config.buffering.conftest import NEVER, HttpExchange

CHUNKED = [(b"transfer-encoding", b"chunked")]
MEBIBYTE = b"a" * ORDINARY_BODY_BYTES


class BusyExchange(HttpExchange):
    """An exchange whose sender goes on while the answer is sent."""

    async def send(self, message) -> None:
        """Take what the application sends, and let others run meanwhile."""
        await asyncio.sleep(0)
        await super().send(message)


def echo(environ, start_response):
    """Answer with the body, its length and why it was refused, if it was."""
    start_response(f"{environ.get(BODY_REFUSAL, 200)} X", [("X-Length", environ.get("CONTENT_LENGTH", "none"))])
    return [environ["wsgi.input"].read()]


def accept_two_mebibytes(environ, start_response):
    """Take bodies of up to two mebibytes when asked, and echo them."""
    if admission := environ.get(BODY_ADMISSION):
        admission.max_bytes, admission.is_granted = 2 * ORDINARY_BODY_BYTES, True
    return echo(environ, start_response)


def decline(environ, start_response):
    """Answer the question whether a large body may come, as a page for members does to strangers."""
    assert BODY_ADMISSION in environ
    start_response("302 Found", [("Location", "/sign-in/")])
    return [b""]


def test_a_body_arrives_whole_with_its_length(run_http_exchange):
    exchange = run_http_exchange(echo, HttpExchange("POST", headers=CHUNKED, chunks=[b"one ", b"two ", b"three"]))

    assert (exchange.status, exchange.body) == (200, b"one two three")
    assert (b"x-length", b"13") in exchange.sent[0]["headers"]


def test_the_application_is_not_called_when_the_sender_hangs_up(run_http_exchange):
    exchange = run_http_exchange(echo, HttpExchange("POST", headers=[(b"content-length", b"9")], chunks=[]))

    assert (exchange.status, exchange.body) == (400, b"Bad Request")
    assert {(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")} <= set(
        exchange.sent[0]["headers"]
    )


def test_a_sender_is_not_read_for_ever_beside_a_large_response(run_http_exchange):
    pieces, file = iter([b"a"] * (5 * MANY_PIECES)), b"a" * (9 * RESPONSE_BYTES_IN_MEMORY)

    def answer_unread(environ, start_response):
        start_response("200 OK", [])
        return environ["wsgi.file_wrapper"](io.BytesIO(file))

    exchange = BusyExchange("POST", headers=[(b"content-length", b"2000000")], chunks=pieces)

    assert run_http_exchange(answer_unread, exchange).body == file
    assert len(list(pieces)) > 2 * MANY_PIECES, "some during the response, some after it"


def test_a_body_that_does_not_come_is_refused_at_its_deadline(run_http_exchange):
    exchange = HttpExchange("POST", headers=[(b"content-length", b"9")], chunks=[b"a", NEVER])

    assert run_http_exchange(echo, exchange, body_timeout=0.01).status == 408


def test_a_network_with_too_many_bodies_is_refused(run_http_exchange):
    exchange = HttpExchange("POST", headers=[(b"content-length", b"1")], chunks=[b"a"])

    assert run_http_exchange(echo, exchange, bodies_per_network=0).status == 429


def test_an_ordinary_body_is_read_without_a_question(run_http_exchange):
    exchange = HttpExchange("POST", headers=[(b"content-length", b"%d" % len(MEBIBYTE))], chunks=[MEBIBYTE])

    assert run_http_exchange(echo, exchange).body == MEBIBYTE


@pytest.mark.parametrize("headers", [[(b"content-length", b"1048579")], CHUNKED])
def test_a_large_body_is_read_when_the_page_takes_it(run_http_exchange, headers):
    exchange = run_http_exchange(accept_two_mebibytes, HttpExchange("POST", headers=headers, chunks=[MEBIBYTE, b"abc"]))

    assert (exchange.status, exchange.body) == (200, MEBIBYTE + b"abc")


@pytest.mark.parametrize("chunks", [[NEVER], [b"a", NEVER]])
def test_a_large_body_is_not_read_when_the_page_answers_without_it(run_http_exchange, monkeypatch, chunks):
    monkeypatch.setattr("config.buffering.body_receiver.LINGER_SECONDS", 0)
    exchange = HttpExchange("POST", headers=[(b"content-length", b"1048577")], chunks=chunks)

    assert run_http_exchange(decline, exchange).status == 302


def test_a_body_larger_than_the_page_takes_is_refused(run_http_exchange):
    exchange = HttpExchange("POST", headers=CHUNKED, chunks=[MEBIBYTE, MEBIBYTE, b"a", b"more"])

    assert run_http_exchange(accept_two_mebibytes, exchange).status == 413


def test_a_body_without_room_on_the_disk_is_refused(run_http_exchange, monkeypatch):
    monkeypatch.setattr("config.buffering.application.ORDINARY_BODIES_ON_DISK_BYTES", BODY_BYTES_IN_MEMORY)
    exchange = HttpExchange("POST", headers=CHUNKED, chunks=[b"a" * BODY_BYTES_IN_MEMORY, b"a"])

    assert run_http_exchange(echo, exchange).status == 503


@pytest.mark.parametrize("headers", [CHUNKED, [(b"content-length", b"%d" % ORDINARY_BODY_BYTES)]])
def test_no_more_than_some_thousand_pieces_are_taken_of_a_body_of_single_bytes(run_http_exchange, headers):
    pieces = iter([b"a"] * ORDINARY_BODY_BYTES)

    status = run_http_exchange(echo, HttpExchange("POST", headers=headers, chunks=pieces)).status

    assert status == 413
    assert len(list(pieces)) > ORDINARY_BODY_BYTES - 3 * MANY_PIECES


@pytest.mark.parametrize(("size", "count"), [(1, MANY_PIECES), (MIN_BYTES_PER_PIECE, ORDINARY_BODY_BYTES // 256)])
def test_a_body_of_few_or_not_so_small_pieces_is_read(run_http_exchange, size, count):
    exchange = HttpExchange("POST", headers=CHUNKED, chunks=[b"a" * size] * count)

    assert run_http_exchange(echo, exchange).body == b"a" * (size * count)


def decline_large_bodies(environ, start_response):
    """Echo bodies that anybody may send, and take no others."""
    return (decline if BODY_ADMISSION in environ else echo)(environ, start_response)


@pytest.mark.parametrize(("bodies_per_network", "status"), [(1, 429), (2, 200)])
def test_what_still_arrives_of_a_declined_body_counts_as_a_body_of_its_network(
    run_http_exchange, bodies_per_network, status
):
    declined = HttpExchange("POST", headers=[(b"content-length", b"1048577")], chunks=[NEVER])
    other = HttpExchange("POST", headers=CHUNKED, chunks=[b"a"])
    run_http_exchange(decline_large_bodies, other, bodies_per_network=bodies_per_network, beside=declined)

    assert (declined.status, other.status) == (302, status)


def test_a_declined_body_takes_no_room_on_the_disk_while_the_rest_of_it_arrives(run_http_exchange, monkeypatch):
    monkeypatch.setattr("config.buffering.application.ORDINARY_BODIES_ON_DISK_BYTES", 8 * len(MEBIBYTE + b"a"))
    declined = HttpExchange("POST", headers=CHUNKED, chunks=[MEBIBYTE, b"a", NEVER])
    other = HttpExchange("POST", headers=CHUNKED, chunks=[MEBIBYTE])
    run_http_exchange(decline_large_bodies, other, beside=declined)

    assert (declined.status, other.status) == (302, 200)


def test_nothing_more_is_read_from_a_network_with_too_many_bodies(run_http_exchange):
    pieces = iter([b"a"] * 10)
    exchange = HttpExchange("POST", headers=CHUNKED, chunks=pieces)

    assert run_http_exchange(echo, exchange, bodies_per_network=0).status == 429
    assert len(list(pieces)) == 9


def test_a_response_of_many_chunks_is_sent_whole(run_http_exchange):
    def answer(environ, start_response):
        start_response("200 OK", [])
        return (b"%d " % number for number in range(20_000))

    assert run_http_exchange(answer, HttpExchange()).body.split() == [b"%d" % number for number in range(20_000)]


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 64 * 1024 + 1, 300_000])
@pytest.mark.parametrize("wrapped_by_server", [True, False])
def test_a_file_is_sent_whole_and_closed(run_http_exchange, size, wrapped_by_server):
    with tempfile.TemporaryFile() as file:
        file.write(bytes(size))
        file.seek(0)

        def answer(environ, start_response):
            start_response("200 OK", [("Content-Length", str(size))])
            return (environ["wsgi.file_wrapper"] if wrapped_by_server else OtherFileWrapper)(file)

        exchange = run_http_exchange(answer, HttpExchange(chunks=[b"", NEVER]))

        assert exchange.body == bytes(size)
        assert not exchange.sent[-1].get("more_body")


@pytest.mark.parametrize(("quarters", "status"), [(1, 503), (3, 503), (4, 200)])
def test_a_download_without_room_for_its_network_is_refused(run_http_exchange, monkeypatch, quarters, status):
    monkeypatch.setattr(
        "config.buffering.application.DOWNLOADS_ON_DISK_BYTES", quarters * (RESPONSE_BYTES_IN_MEMORY + 1)
    )

    def answer(environ, start_response):
        if BODY_REFUSAL in environ:
            return echo(environ, start_response)
        start_response("200 OK", [])
        return [bytes(RESPONSE_BYTES_IN_MEMORY + 1)]

    assert run_http_exchange(answer, HttpExchange(chunks=[b"", NEVER])).status == status


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("head", 200), ("GET", 204), ("GET", 304)])
def test_answers_without_a_body_have_headers_only(run_http_exchange, method, status):
    def answer(environ, start_response):
        start_response(f"{status} X", [("X-Length", "4")])
        return [b"body"]

    exchange = run_http_exchange(answer, HttpExchange(method))

    assert exchange.sent[0]["headers"] == [(b"x-length", b"4")]
    assert exchange.body == b""


def test_an_application_that_fails_is_answered_for(run_http_exchange, caplog):
    def fail(environ, start_response):
        raise RuntimeError("hush")

    exchange = run_http_exchange(fail, HttpExchange())

    assert exchange.status == 500
    assert b"hush" not in exchange.body
    assert "the application failed" in caplog.text
