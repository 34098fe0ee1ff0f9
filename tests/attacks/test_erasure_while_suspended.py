"""A client of a suspended business is erased by operators, for a reason that the business can read."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from portal.activity.models import Entry
from portal.cards.services.erasure_reports import build_erasure_report
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client
from portal.clients.uploads import services as uploads
from tenants.context import use_business
from tenants.provisioning import suspend_business
from tenants.staff.staff_actor import StaffActor
from tests.attacks import erased_person as person
from tests.attacks.trace_search import search_everything

REASON = "Asked on 3 May, ticket 12"
LIST = f"{person.HEADINGS}{person.NAME},{person.EMAIL},,,\nBen,{person.BEN},,,\n"


@pytest.fixture
def listed(acme, ottilie, now):
    with use_business(acme):
        return person.upload(LIST, "list.csv", now=now)


@pytest.fixture
def ottilie(acme, now):
    with use_business(acme):
        staff = StaffActor(uuid4(), "Sabine Acker")
        return person.add_client(person.NAME, person.EMAIL, staff=staff, now=now)


def erase(client, business="acme", reason=REASON):
    output = StringIO()
    call_command("erase_client", business=business, client=client.pk, reason=reason, stdout=output)
    return output.getvalue()


def test_an_operator_erases_a_client_of_a_suspended_business(acme, ottilie, listed, staff_client, redis_db):
    suspend_business(business=acme)
    browser, page = staff_client(), f"/console/acme/clients/{ottilie.pk}/"
    browser.post(f"{page}erasure/", {"name": person.NAME})
    with use_business(acme):
        assert Client.objects.get(pk=ottilie.pk).name == person.NAME

    assert "Erased." in erase(ottilie)

    with use_business(acme):
        assert Client.objects.get(pk=ottilie.pk).erased_at
        entry = Entry.objects.get(event_type=ClientEvent.ERASED)
        assert (entry.actor, entry.data["reason"]) == ("system", REASON)
        assert build_erasure_report(ottilie).tables
        assert search_everything(acme, person.TRACES, redis_db=redis_db) == set()
    assert REASON in browser.get(f"{page}timeline/").content.decode()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, f"{person.NAME} asked", f"by mail from {person.EMAIL}"])
def test_a_reason_is_required_and_names_nobody(acme, ottilie, reason):
    with pytest.raises(CommandError):
        erase(ottilie, reason=reason)

    with use_business(acme):
        assert not Client.objects.get(pk=ottilie.pk).erased_at


def test_nobody_else_s_client_and_no_erased_one_is_erased(acme, globex, ottilie):
    with pytest.raises(CommandError, match="no client"):
        erase(ottilie, business="globex")
    erase(ottilie)
    with pytest.raises(CommandError, match="erased already"):
        erase(ottilie)


def test_the_command_says_why_an_erasure_has_to_wait(acme, ottilie, listed, now):
    with use_business(acme):
        uploads.start_import(upload=listed, on_match="skip", staff=None, now=now)

    with pytest.raises(CommandError, match="being checked or imported"):
        erase(ottilie)
