"""Fixtures for the tests of scheduling."""

import pytest

from tenants.context import use_business
from tenants.roles import Role
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory, create_member
from tests.portal.access.sign_in_steps import ANA
from tests.portal.scheduling.scheduling_rows import (
    BERLIN,
    NOW,
    RULES,
    at,
    book,
    build_query,
    create_calendar,
    create_service,
)


@pytest.fixture
def in_acme(acme):
    """Run the test in the schema of Acme, and return the business."""
    with use_business(acme):
        yield acme


@pytest.fixture
def staff(acme) -> StaffActor:
    """The owner of Acme, who acts."""
    person = create_member(acme, Role.OWNER).person
    return StaffActor(person_id=person.pk, name=person.name)


@pytest.fixture
def ana_signed_in(acme, time_machine, sign_in_client):
    """Ana, a client of Acme in Berlin, and her browser, a week before everything happens."""
    acme.time_zone = BERLIN
    acme.save()
    time_machine.move_to(NOW, tick=False)
    with use_business(acme):
        ana = ClientFactory(name="Ana Pereira", email=ANA)
    return ana, sign_in_client(acme, ANA)


@pytest.fixture
def ana(ana_signed_in):
    """Ana, who has signed in."""
    return ana_signed_in[0]


@pytest.fixture
def browser(ana_signed_in):
    """The browser in which Ana has signed in."""
    return ana_signed_in[1]


@pytest.fixture
def mona(acme):
    """Mona's calendar, open from nine to five in Berlin."""
    with use_business(acme):
        return create_calendar()


@pytest.fixture
def book_at(acme, ana, mona):
    """Return a function that books an hour with Mona, of a service of its own, for Ana unless it is for another."""

    def book_at(starts_at=None, *, rules=RULES, client=ana, now=NOW, details=None, **fields):
        with use_business(acme):
            query = build_query(create_service(mona, **fields), rules=rules)
            return book(query, starts_at or at(9), client=client, now=now, **(details or {}))

    return book_at
