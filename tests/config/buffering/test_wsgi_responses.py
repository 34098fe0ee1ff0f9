"""A response is kept in memory while it is small, and on disk when it isn't."""

import os

import pytest

from config.buffering.wsgi_responses import call_application
from tenants.limits import RESPONSE_BYTES_IN_MEMORY


@pytest.mark.parametrize("chunks", [[bytes(RESPONSE_BYTES_IN_MEMORY + 1)], [bytes(RESPONSE_BYTES_IN_MEMORY), b"a"]])
def test_a_large_response_is_kept_on_disk_in_however_many_chunks_it_comes(chunks):
    def answer(environ, start_response):
        start_response("200 OK", [])
        return chunks

    response = call_application(answer, {})

    assert os.fstat(response.body.fileno()).st_size == RESPONSE_BYTES_IN_MEMORY + 1
    assert response.body.read() == b"".join(chunks)
    response.close()


def test_a_small_response_of_one_chunk_is_kept_in_memory():
    def answer(environ, start_response):
        start_response("200 OK", [])
        return [bytes(RESPONSE_BYTES_IN_MEMORY)]

    assert call_application(answer, {}).body == bytes(RESPONSE_BYTES_IN_MEMORY)
