"""Prints how many emails per CPU second our provider and SendGrid's SDK send, as JSON."""

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

from bench.timing_statistics import measure_medians  # noqa: E402
from workers.providers.base import OutgoingMessage  # noqa: E402
from workers.providers.sendgrid import SendGridProvider  # noqa: E402

ROUNDS = 3
POOLED_CALLS, SDK_CALLS = 200, 20
TEXT = "Your code to sign in to Acme Physiotherapy is:\n\n    123456\n\nIt works for 10 minutes.\n" * 4
HTML = f"<!doctype html><html lang=en><body><p>{TEXT}</p></body></html>" * 4


def main() -> None:
    """Measure both in turn."""
    pooled = SendGridProvider()
    ours, theirs = measure_medians(
        ROUNDS,
        lambda: _calls_per_cpu_second(lambda: pooled.send(_build_message()), POOLED_CALLS),
        lambda: _calls_per_cpu_second(_send_with_sdk, SDK_CALLS),
    )
    print(json.dumps([ours, theirs]))


def _calls_per_cpu_second(send: Callable[[], object], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        send()
    return times / (time.process_time() - began)


def _build_message() -> OutgoingMessage:
    return OutgoingMessage(
        delivery_id=uuid4(),
        portal_host="acme.localhost",
        kind="sign-in-code",
        channel="email",
        sender="codes",
        from_name="Acme Physiotherapy",
        to="ana@example.com",
        subject="Your code",
        text=TEXT,
        html=HTML,
        deadline_at=timezone.now() + timedelta(minutes=10),
    )


def _send_with_sdk() -> None:
    """Send one email as the SDK's manual says."""
    message = Mail(settings.MAIL_FROM, "ana@example.com", "Your code", TEXT, HTML)
    response = SendGridAPIClient(settings.SENDGRID_API_KEY, host=settings.SENDGRID_BASE_URL).send(message)
    assert response.status_code == 202, response.status_code


if __name__ == "__main__":
    main()
