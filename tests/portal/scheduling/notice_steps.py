"""What the tests of notices and reminders do: let time pass, have mails delivered, and read them."""

import base64
from datetime import datetime
from typing import Any

import time_machine
from icalendar import Calendar

from tenants.context import use_public
from tests.sent_messages import SentMessages

# Staff are mailed about what clients do, too.
STAFF_ADDRESSES = "@acme.test"


def deliver_at(now: datetime) -> list[dict[str, Any]]:
    """Have all delivered that is due at a time, and return all that clients were sent so far, the oldest first."""
    outbox = SentMessages()
    with time_machine.travel(now, tick=False), use_public():
        outbox.deliver_due()
    return [message for message in outbox.sent() if not message["to"].endswith(STAFF_ADDRESSES)]


def list_subjects(messages: list[dict[str, Any]]) -> list[str]:
    """Return the first word of each subject, which says what the mail is."""
    return [message["subject"].split(":")[0].split()[0] for message in messages]


def read_event(message: dict[str, Any]) -> tuple[str, Any]:
    """Return the method and the event of the calendar file of a mail."""
    [file] = message["attachments"]
    calendar = Calendar.from_ical(base64.b64decode(file["content"]))
    [event] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event
