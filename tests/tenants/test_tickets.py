"""Do calls for support reach those who answer them, with nobody's data?"""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants import tickets
from tenants.models import Ticket
from tests.factories import create_member, next_key


@pytest.fixture
def call(acme, now):
    """Return a function that calls support about somebody."""
    person = create_member(acme, "staff").person

    def call(*, business=acme, about=None, at=now):
        facts = {"person_id": person.pk, "subject": "Code missing: bounced", "snapshot": {"steps": ["asked"]}}
        return tickets.open_ticket(business=business, client_id=about, now=at, **facts)

    return call


def told(*words) -> str:
    out = StringIO()
    call_command("tickets", *words, stdout=out)
    return out.getvalue()


def test_operators_see_what_waits_the_oldest_first(call, globex, now):
    late, _new = call(about=next_key("client"))
    early, _new = call(business=globex, about=next_key("client"), at=now - timedelta(days=1))

    lines = told().splitlines()
    assert [line.split()[0] for line in lines] == [str(early.pk), str(late.pk)]
    assert "Globex Legal" in lines[0]


def test_nothing_waits(acme):
    assert told() == "No ticket is open.\n"


def test_one_ticket_is_shown_with_its_timeline(call):
    ticket, _new = call()

    text = told(str(ticket.pk))
    assert "Acme Physiotherapy" in text
    assert "asked" in text


@pytest.mark.parametrize("key", ["6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10", "nonsense"])
def test_a_ticket_there_is_not_is_said_to_be_none(acme, key):
    with pytest.raises(CommandError, match="There is no ticket"):
        told(key)


def test_a_second_call_about_the_same_client_is_the_first_one(call, globex, now):
    about = next_key("client")
    first, is_new = call(about=about)

    assert is_new
    assert call(about=about) == (first, False)
    assert call(about=about, business=globex)[1]
    assert call(about=about, at=now + timedelta(hours=2))[1]


def test_after_it_was_closed_a_call_is_a_new_one(call):
    about = next_key("client")
    call(about=about)
    Ticket.objects.update(state="closed")

    assert call(about=about)[1]
    assert tickets.list_open().count() == 1
