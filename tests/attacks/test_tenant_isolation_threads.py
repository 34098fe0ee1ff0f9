"""T2: every row lands in its own schema, whatever fails in however many threads."""

import random

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from portal.clients.models import Client
from tenants.context import get_current_business, use_business, use_public
from tests.attacks.concurrent_tasks import run_concurrently

pytestmark = pytest.mark.slow

THREADS = 64


class SimulatedFailure(Exception):
    """What goes wrong at random."""


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_64_threads_with_failures_write_every_row_to_its_own_schema(committed_db, acme, globex, settings):
    settings.PORTAL_URLCONF = __name__
    pair = {"acme.localhost": acme, "globex.localhost": globex}

    def run_random_steps(number):
        dice, seen = random.Random(number), []
        for turn in range(12):
            host = dice.choice(list(pair))
            browser = Browser(headers={"host": host, "x-dice": f"{number}/{turn}"}, raise_request_exception=False)
            answer = browser.get("/write/")
            if answer.status_code == 200:
                seen.append(answer.content.decode() == pair[host].schema_name)
            try:
                with use_business(pair[host]):
                    Client.objects.create(name=host, created_at=timezone.now())
                    with use_business(dice.choice([acme, globex])), use_public():
                        if dice.random() < 0.5:
                            raise SimulatedFailure
            except SimulatedFailure:
                pass
            seen.append((connection.schema_name, get_current_business()) == ("public", None))
        return seen

    seen = run_concurrently(run_random_steps, range(THREADS), connections=THREADS)

    assert all(all(results) for results in seen)
    for host, business in pair.items():
        with use_business(business):
            assert set(Client.objects.values_list("name", flat=True)) == {host}
            assert Client.objects.count() > THREADS * 4


def test_an_exception_in_nested_schemas_leaves_the_thread_in_public(acme):
    with pytest.raises(SimulatedFailure), use_business(acme), use_public(), use_business(acme):
        raise SimulatedFailure

    assert (connection.schema_name, get_current_business()) == ("public", None)


def test_after_a_request_that_failed_the_thread_is_back_in_public(acme, settings):
    settings.PORTAL_URLCONF = __name__
    browser = Browser(headers={"host": "acme.localhost"}, raise_request_exception=False)

    assert browser.get("/write/").status_code == 500, "without its dice the view breaks off at once"
    assert (connection.schema_name, get_current_business()) == ("public", None)
