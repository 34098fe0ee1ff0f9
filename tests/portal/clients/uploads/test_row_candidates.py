"""Tests of the clients in question for a row: the first few are listed, and any of them may be named."""

import pytest

from portal.clients import services as clients
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.models import Client, Contact
from portal.clients.uploads.models import RowDecision
from portal.clients.uploads.row_candidates import MAX_CANDIDATES, find_candidates
from portal.clients.uploads.row_reviews import answer_row
from tests.attacks.client_lists import check_list
from tests.captured_statements import capture_statements

pytestmark = pytest.mark.usefixtures("in_acme")

FAMILY, NUMBER = "family@example.com", "+491713920555"


@pytest.fixture
def family(in_acme, now):
    """More clients with one mailbox than are listed, by their names."""
    return [
        clients.add_client(name=f"Fam {number:02}", identifiers=[parse_email(FAMILY)], now=now)
        for number in range(MAX_CANDIDATES + 2)
    ]


def test_the_first_clients_are_listed_and_all_are_counted(family):
    upload = check_list(f"Name,Email\n,{FAMILY}\n,{FAMILY}\n")

    found = find_candidates(upload.rows.all())

    assert [*found] == [2, 3]
    for some in found.values():
        assert [one.client for one in some.first] == family[:MAX_CANDIDATES]
        assert (some.total, some.further_count) == (len(family), 2)


@pytest.mark.usefixtures("family")
def test_no_more_rows_are_read_than_are_listed():
    upload = check_list("Name,Email\n" + f",{FAMILY}\n" * 3)
    rows = list(upload.rows.all())

    with capture_statements() as statements:
        found = find_candidates(rows)

    assert len(statements.queries) == 1
    assert sum(len(some.first) for some in found.values()) == 3 * MAX_CANDIDATES


def test_clients_with_the_email_address_come_first_and_each_is_listed_once(now):
    number = parse_phone(NUMBER, country="DE")
    called = clients.add_client(name="Ana", identifiers=[number], now=now)
    mailed = clients.add_client(name="Zoe", identifiers=[parse_email(FAMILY), number], now=now)
    upload = check_list(f"Name,Email,Phone\nBo,{FAMILY},{NUMBER}\n")

    [found] = find_candidates(upload.rows.all()).values()

    assert [(one.client, one.masked[0]) for one in found.first] == [(mailed, "f"), (called, "+")]
    assert found.total == 2


@pytest.mark.parametrize("change", ["is_demo", "merged_into", "erased_at", "unconfirmed"])
def test_whoever_is_not_on_the_list_or_has_not_confirmed_the_address_is_no_candidate(family, now, change):
    upload = check_list(f"Name,Email\n,{FAMILY}\n")
    gone = family[0]
    if change == "unconfirmed":
        Contact.objects.filter(client=gone).update(confirmed_at=None)
    else:
        value = {"is_demo": True, "merged_into": family[1], "erased_at": now}[change]
        Client.objects.filter(pk=gone.pk).update(**{change: value})

    [found] = find_candidates(upload.rows.all()).values()

    assert found.total == len(family) - 1
    assert gone not in [one.client for one in found.first]


def test_a_client_who_is_not_listed_may_be_named(family):
    upload = check_list(f"Name,Email\n,{FAMILY}\n")

    answer_row(upload=upload, number=2, decision=RowDecision.SAME, client_id=family[-1].pk)

    assert upload.rows.get().client_id == family[-1].pk


@pytest.mark.usefixtures("family")
def test_the_page_shows_the_first_clients_and_says_how_many_more_there_are(staff_client):
    upload = check_list(f"Name,Email\n,{FAMILY}\n")

    shown = staff_client().get(f"/console/acme/clients/uploads/{upload.pk}/").content.decode()

    assert shown.count('name="client" value=') == MAX_CANDIDATES
    assert "and 2 more clients" in shown
    assert "If it is none of the clients shown" in shown
