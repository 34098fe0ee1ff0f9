"""Recording of provider outages, and the notifications to the staff of each business."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from portal.signin_support.outages import notify_outage_ended, notify_outage_started
from tenants import outages
from tenants.context import use_business
from tenants.models import Outage

log = logging.getLogger(__name__)


def update_outages(*, now: datetime) -> None:
    """Record outages that began or ended, and notify the staff of each business once. Safe to repeat."""
    for outage in outages.detect_outages(now=now):
        with _isolate_errors(), transaction.atomic():
            if outages.record_outage(outage):
                _notify_in_business(outage, notify_outage_started, now)
    for outage, is_accepted_again in outages.find_recovered_outages(now=now):
        with _isolate_errors(), transaction.atomic():
            if outages.close_outage(outage, now=now) and is_accepted_again:
                _notify_in_business(outage, notify_outage_ended, now)


def _notify_in_business(outage: Outage, notify: Callable[..., None], now: datetime) -> None:
    with use_business(outage.business):
        notify(outage, now=now)


@contextmanager
def _isolate_errors() -> Iterator[None]:
    """Log an error at one business, so that the other businesses are still notified."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("staff can't be notified of an outage")
