"""How do mails that belong to no business leave: codes for staff?

They go straight to a provider, in a thread, and are kept nowhere: no table, queue or log ever
holds the code. The page answers at once, whether or not there was a mail to send.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from portal.messaging.rendering import INLINER
from tenants.models import Channel
from workers.providers.base import Envelope, Verdict
from workers.providers.registry import lines

log = logging.getLogger(__name__)

WORTH = timedelta(minutes=10)
_postmen = ThreadPoolExecutor(max_workers=4, thread_name_prefix="letters")
_under_way: set[Future] = set()


class Letters(BaseEmailBackend):
    """Django's way to send mail, by our providers."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Hand mails to a thread and return how many."""
        for mail in email_messages:
            for to in mail.to:
                job = _postmen.submit(_carry, _envelope(mail, to))
                _under_way.add(job)
                job.add_done_callback(_under_way.discard)
        return len(email_messages)


def finish() -> None:
    """Wait until everything handed over has left or failed."""
    wait(set(_under_way))


def _envelope(mail: EmailMessage, to: str) -> Envelope:
    pages = mail.alternatives if isinstance(mail, EmailMultiAlternatives) else []
    html = next((str(body) for body, kind in pages if kind == "text/html"), "")
    return Envelope(
        delivery_id=uuid4(),
        portal_host=settings.PLATFORM_HOST,
        deadline_at=timezone.now() + WORTH,
        kind="staff-code",
        channel=Channel.EMAIL,
        from_name="Portico",
        to=to,
        subject=str(mail.subject),
        text=str(mail.body),
        html=INLINER.inline(html) if html else "",
    )


def _carry(envelope: Envelope) -> None:
    """Ask one provider after the other until one takes the mail or refuses it for good."""
    for line in lines(Channel.EMAIL):
        outcome = line.send(envelope)
        if outcome.verdict in (Verdict.ACCEPTED, Verdict.REFUSED, Verdict.UNMADE):
            break
    log.info("letter %s: %s", envelope.delivery_id, outcome.verdict)
