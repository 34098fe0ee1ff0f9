"""Actors that run inside the schema of a business.

The schema is entered inside the actor call: dramatiq swallows what middleware raises
before a message and would run the job in whatever schema the thread was in.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from typing import Any
from uuid import UUID

import dramatiq

from tenants.context import use_business
from tenants.job_runs import JobIsRunning, JobKey
from tenants.models import Business, BusinessStatus
from workers.job_guard import RETRY_STOPPED_AFTER, run_guarded


class BusinessNotFound(Exception):
    """The business of a job doesn't exist or was closed."""


class InvalidId(Exception):
    """An argument of a job is no row id."""


def business_scoped_actor(**options: Any) -> Callable[[Callable], dramatiq.Actor]:
    """Declare an actor that takes `business_id` and a row id, if any, and runs in that business.

    A bad id makes a dead letter. A job that is stopped because it keeps failing may run again after a day.
    """

    def decorator(function: Callable) -> dramatiq.Actor:
        @wraps(function)
        def wrapper(*, business_id: str, **row_ids: str) -> None:
            business = find_open_business(business_id)
            ids = {name: parse_id(value) for name, value in row_ids.items()}
            key = JobKey(function.__name__, business.pk, next(iter(ids.values()), None), RETRY_STOPPED_AFTER)
            with suppress(JobIsRunning):
                run_guarded(key, partial(_run_in_business, business, function, ids))

        return dramatiq.actor(throws=(BusinessNotFound, InvalidId), **options)(wrapper)

    return decorator


def find_open_business(business_id: str) -> Business:
    """Return the business of a job. Raises InvalidId, or BusinessNotFound when it is missing or closed."""
    business = Business.objects.filter(pk=parse_id(business_id)).first()
    if business is None or business.status == BusinessStatus.CLOSED:
        raise BusinessNotFound
    return business


def parse_id(text: str) -> UUID:
    """Return a UUID from its text. Raises InvalidId."""
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        raise InvalidId from None


def _run_in_business(business: Business, function: Callable, ids: dict[str, UUID]) -> None:
    with use_business(business):
        function(**ids)
