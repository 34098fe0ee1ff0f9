"""Tests that the receivers of docs/api.md accept what we send, and nothing else."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from config.local.ports import find_free_port
from portal.integrations.webhooks.signatures import build_signed_headers, generate_secret
from tenants.webhooks.destinations import Destination
from tenants.webhooks.http_client import WebhookResponse, post_webhook
from tests.docs.test_api_document import PROGRAMS, build_environment, read_example
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

OLD, NEW, FOREIGN = generate_secret(), generate_secret(), generate_secret()
EVENT = {"id": "019ad5a0-6c1e-7c31-a9a1-5d2b6f0e8f11", "type": "client.created", "data": {"name": "Żaneta"}}
BODY = json.dumps(EVENT, ensure_ascii=False)

Post = Callable[..., WebhookResponse]


@pytest.fixture(scope="module", params=["python", "js"])
def receiver(request, tmp_path_factory) -> Iterator[tuple[subprocess.Popen[str], Post]]:
    """A receiver that runs, and a function that posts a webhook to it: by default one signed by its secret just now."""
    file = tmp_path_factory.mktemp("receiver") / {"python": "receiver.py", "js": "receiver.mjs"}[request.param]
    file.write_text(read_example(request.param, "PORTICO_WEBHOOK_SECRET"))
    port, [interpreter, *_options] = find_free_port(), PROGRAMS[request.param][0]
    env = build_environment(PORT=str(port), PORTICO_WEBHOOK_SECRET=OLD)

    def post(
        secrets: Sequence[str] = (OLD,), age: timedelta = timedelta(0), body: str = BODY, signed: str = BODY
    ) -> WebhookResponse:
        now = timezone.now() - age
        headers = build_signed_headers(EVENT["id"], signed, secrets, user_agent="Portico", now=now)
        destination = Destination("http", "localhost", port, "/")
        return post_webhook(destination, ["127.0.0.1"], body=body.encode(), headers=headers, timeout=60)

    # In a group of its own: npm's `node` is a Python program that starts the real one.
    command, options = [interpreter, str(file)], {"stdout": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen(command, env=env, **options) as program:
        try:
            wait_until(lambda: program.poll() is not None or post([FOREIGN]).status == 401, what="a listening receiver")
            yield program, post
        finally:
            os.killpg(program.pid, signal.SIGKILL)


def test_a_webhook_is_accepted_and_its_repeat_is_noticed(receiver):
    program, post = receiver
    assert [post().status, post().status] == [204, 204]
    assert "client.created" in program.stdout.readline()
    # What comes next on the output is another event: the repeat was not handled.
    other = EVENT | {"id": "other", "type": "client.updated"}
    assert post(body=json.dumps(other), signed=json.dumps(other)).status == 204
    assert "client.updated" in program.stdout.readline()


def test_while_a_secret_is_being_replaced_the_old_one_verifies(receiver):
    _program, post = receiver
    assert post([NEW, OLD]).status == 204


@pytest.mark.parametrize(
    "odd",
    [
        {"secrets": [FOREIGN]},
        {"body": BODY.replace("created", "deleted")},
        {"age": timedelta(minutes=10)},
        {"age": timedelta(minutes=-10)},
    ],
    ids=["another secret", "another body", "an old one", "one of the future"],
)
def test_anything_else_is_refused(receiver, odd):
    _program, post = receiver
    assert post(**odd).status == 401
