"""Tests of support tickets and of the operators' command."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants import support_tickets
from tenants.models import SupportTicket
from tests.factories import create_member, next_primary_key


@pytest.fixture
def create_support_ticket(acme, now):
    """Return a function that opens a ticket about a client."""
    person = create_member(acme, "staff").person

    def create_support_ticket(*, business=acme, client_id=None, at=now):
        fields = {"person_id": person.pk, "subject": "Code missing: bounced", "snapshot": {"steps": ["asked"]}}
        return support_tickets.open_ticket(business=business, client_id=client_id, now=at, **fields)

    return create_support_ticket


def run_tickets_command(*arguments) -> str:
    out = StringIO()
    call_command("tickets", *arguments, stdout=out)
    return out.getvalue()


def test_operators_see_open_tickets_oldest_first(create_support_ticket, globex, now):
    late, _new = create_support_ticket(client_id=next_primary_key("client"))
    early, _new = create_support_ticket(
        business=globex, client_id=next_primary_key("client"), at=now - timedelta(days=1)
    )

    lines = run_tickets_command().splitlines()
    assert [line.split()[0] for line in lines] == [str(early.pk), str(late.pk)]
    assert "Globex Legal" in lines[0]


def test_no_ticket_is_open(acme):
    assert run_tickets_command() == "There are no open tickets.\n"


def test_one_ticket_is_shown_with_its_timeline(create_support_ticket):
    ticket, _new = create_support_ticket()

    text = run_tickets_command(str(ticket.pk))
    assert "Acme Physiotherapy" in text
    assert "asked" in text


@pytest.mark.parametrize("key", ["6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10", "nonsense"])
def test_an_unknown_ticket_is_reported(acme, key):
    with pytest.raises(CommandError, match="There is no ticket"):
        run_tickets_command(key)


def test_a_second_ticket_about_the_same_client_is_the_first_one(create_support_ticket, globex, now):
    client_id = next_primary_key("client")
    first, is_new = create_support_ticket(client_id=client_id)

    assert is_new
    assert create_support_ticket(client_id=client_id) == (first, False)
    assert create_support_ticket(client_id=client_id, business=globex)[1]
    assert create_support_ticket(client_id=client_id, at=now + timedelta(hours=2))[1]


def test_after_closing_a_ticket_the_next_one_is_new(create_support_ticket):
    client_id = next_primary_key("client")
    create_support_ticket(client_id=client_id)
    SupportTicket.objects.update(state="closed")

    assert create_support_ticket(client_id=client_id)[1]
    assert support_tickets.list_open_tickets().count() == 1
