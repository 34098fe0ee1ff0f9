"""How many mails a second of CPU does each way of calling SendGrid send? Prints ours and the SDK's own."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from sendgrid import SendGridAPIClient  # noqa: E402
from sendgrid.helpers.mail import Mail  # noqa: E402

from bench.turns import medians  # noqa: E402
from workers.providers.base import Envelope  # noqa: E402
from workers.providers.sendgrid import SendGrid  # noqa: E402

ROUNDS = 5
POOLED, AS_IT_COMES = 200, 20
TEXT = "Your code to sign in to Acme Physiotherapy is:\n\n    123456\n\nIt works for 10 minutes.\n" * 4
HTML = f"<!doctype html><html lang=en><body><p>{TEXT}</p></body></html>" * 4


def main() -> None:
    """Send in turn."""
    pooled = SendGrid()
    ours, theirs = medians(
        ROUNDS, lambda: _per_second(lambda: pooled.send(_envelope()), POOLED), lambda: _per_second(_sdk, AS_IT_COMES)
    )
    print(json.dumps([ours, theirs]))


def _per_second(send: Callable[[], object], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        send()
    return times / (time.process_time() - began)


def _envelope() -> Envelope:
    return Envelope(
        delivery_id=uuid4(),
        portal_host="acme.localhost",
        kind="sign-in-code",
        channel="email",
        from_name="Acme Physiotherapy",
        to="ana@example.com",
        subject="Your code",
        text=TEXT,
        html=HTML,
        deadline_at=timezone.now() + timedelta(minutes=10),
    )


def _sdk() -> None:
    """Send as the SDK's manual says."""
    message = Mail(settings.MAIL_FROM, "ana@example.com", "Your code", TEXT, HTML)
    answer = SendGridAPIClient(settings.SENDGRID_API_KEY, host=settings.SENDGRID_BASE_URL).send(message)
    assert answer.status_code == 202, answer.status_code


if __name__ == "__main__":
    main()
