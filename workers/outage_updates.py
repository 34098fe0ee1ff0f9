"""Recording of provider outages, which nouns tell the staff of each business."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from tenants import delivery_outages
from tenants.context import use_business
from tenants.models import Outage
from tenants.nouns import registry
from tenants.nouns.platform_events import PlatformEvent

log = logging.getLogger(__name__)


def update_outages(*, now: datetime) -> None:
    """Record outages that began or ended, and have nouns handle each once. Safe to repeat."""
    for outage in delivery_outages.detect_outages(now=now):
        with _isolate_errors(), transaction.atomic():
            if delivery_outages.record_outage(outage):
                _handle_in_business(PlatformEvent.OUTAGE_STARTED, outage, now)
    for outage, is_accepted_again in delivery_outages.find_recovered_outages(now=now):
        with _isolate_errors(), transaction.atomic():
            if delivery_outages.close_outage(outage, now=now) and is_accepted_again:
                _handle_in_business(PlatformEvent.OUTAGE_ENDED, outage, now)


def _handle_in_business(event: PlatformEvent, outage: Outage, now: datetime) -> None:
    with use_business(outage.business):
        registry.call_event_handlers(event, outage=outage, now=now)


@contextmanager
def _isolate_errors() -> Iterator[None]:
    """Log an error at one business, so that the outages of the other businesses are still handled."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("an outage can't be recorded or handled")
