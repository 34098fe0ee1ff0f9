"""Tests of the choices that staff make when two cards are merged."""

import re
from datetime import timedelta

import pytest

from portal.cards.services import MergeRefused, compute_merged_fields, merge_clients
from portal.clients.models import Client, Contact
from portal.messaging.conversations.services import get_main_email
from tenants.context import use_business
from tests.factories import ContactFactory
from tests.portal.clients.client_card_addresses import ANA, WORK


def test_staff_choose_where_both_cards_have_a_value_and_the_preview_shows_the_result(
    acme, survivor_and_duplicate, staff_actor, now
):
    choices = {"name": "duplicate", "a": "duplicate", "main_email": "duplicate"}
    with use_business(acme):
        rows = {
            row.field: row
            for row in compute_merged_fields(
                survivor=survivor_and_duplicate[0], duplicate=survivor_and_duplicate[1], choices=choices
            )
        }
        survivor = merge_clients(
            survivor=survivor_and_duplicate[0],
            duplicate=survivor_and_duplicate[1],
            choices=choices,
            staff=staff_actor,
            now=now,
        )
        assert (survivor.name, survivor.custom["a"], get_main_email(survivor)) == ("A. Pereira", "duplicate", WORK)
        assert {rows[field].result for field in choices} == {"A. Pereira", "duplicate", WORK}
        assert {field for field, row in rows.items() if row.is_open} == set(choices), "the rest is no question"
        assert Client.objects.get(pk=survivor.pk).search.startswith("a. pereira")


def test_the_survivor_s_main_email_stays_although_the_duplicate_has_an_older_one(
    acme, survivor_and_duplicate, staff_actor, now
):
    with use_business(acme):
        Contact.objects.filter(value=WORK).update(created_at=now - timedelta(days=90), is_main=True)
        survivor = merge_clients(
            survivor=survivor_and_duplicate[0], duplicate=survivor_and_duplicate[1], staff=staff_actor, now=now
        )
        assert get_main_email(survivor) == ANA


def test_an_email_that_may_not_sign_in_on_the_survivor_is_not_offered(acme, survivor_and_duplicate, staff_actor, now):
    with use_business(acme):
        ContactFactory(client=survivor_and_duplicate[0], value=WORK, may_sign_in=False)
        rows = {
            row.field: row
            for row in compute_merged_fields(survivor=survivor_and_duplicate[0], duplicate=survivor_and_duplicate[1])
        }
        assert (rows["main_email"].result, rows["main_email"].is_open) == (ANA, False)
        with pytest.raises(MergeRefused):
            merge_clients(
                survivor=survivor_and_duplicate[0],
                duplicate=survivor_and_duplicate[1],
                choices={"main_email": "duplicate"},
                staff=staff_actor,
                now=now,
            )
        survivor = merge_clients(
            survivor=survivor_and_duplicate[0], duplicate=survivor_and_duplicate[1], staff=staff_actor, now=now
        )
        assert get_main_email(survivor) == ANA


@pytest.mark.parametrize(
    "choices",
    [
        {"language": "survivor"},
        {"name": "both"},
        {"status": "duplicate"},
        {"is_demo": "duplicate"},
        {"pk": "duplicate"},
    ],
)
def test_an_invalid_choice_is_refused_and_nothing_happens(acme, survivor_and_duplicate, staff_actor, now, choices):
    with use_business(acme):
        with pytest.raises(MergeRefused):
            merge_clients(
                survivor=survivor_and_duplicate[0],
                duplicate=survivor_and_duplicate[1],
                choices=choices,
                staff=staff_actor,
                now=now,
            )
        assert Client.objects.exclude_unlisted().count() == 2


def test_no_choice_unblocks_a_blocked_client(acme, survivor_and_duplicate, staff_actor, now):
    with use_business(acme):
        Client.objects.filter(pk=survivor_and_duplicate[1].pk).update(status="blocked")
        with pytest.raises(MergeRefused):
            merge_clients(
                survivor=survivor_and_duplicate[0],
                duplicate=survivor_and_duplicate[1],
                choices={"status": "survivor"},
                staff=staff_actor,
                now=now,
            )


def test_a_choice_restores_an_archived_client(acme, survivor_and_duplicate, staff_actor, now):
    with use_business(acme):
        Client.objects.filter(pk=survivor_and_duplicate[0].pk).update(status="archived", archived_at=now)
        survivor, duplicate = Client.objects.get(pk=survivor_and_duplicate[0].pk), survivor_and_duplicate[1]
        survivor = merge_clients(
            survivor=survivor, duplicate=duplicate, choices={"status": "duplicate"}, staff=staff_actor, now=now
        )
        assert (survivor.status, survivor.archived_at) == ("active", None)


def test_the_page_preselects_the_survivor_and_applies_the_choices(acme, survivor_and_duplicate, staff_client):
    browser, place = (
        staff_client("manager"),
        f"/console/acme/clients/{survivor_and_duplicate[0].pk}/merge/{survivor_and_duplicate[1].pk}/",
    )
    page = browser.get(place).content.decode()
    assert re.findall(r'name="choice-(\w+)"\s+value="(\w+)"\s+checked', page) == [
        ("name", "survivor"),
        ("main_email", "survivor"),
        ("a", "survivor"),
    ]

    browser.post(place, {"choice-name": "duplicate", "choice-main_email": "survivor"})
    with use_business(acme):
        assert Client.objects.get(pk=survivor_and_duplicate[0].pk).name == "A. Pereira"


def test_the_page_is_shown_again_when_a_card_was_changed_meanwhile(acme, survivor_and_duplicate, staff_client):
    browser, place = (
        staff_client("manager"),
        f"/console/acme/clients/{survivor_and_duplicate[0].pk}/merge/{survivor_and_duplicate[1].pk}/",
    )
    with use_business(acme):
        Client.objects.filter(pk=survivor_and_duplicate[1].pk).update(name="Ana Pereira")

    answer = browser.post(place, {"choice-name": "duplicate", "choice-main_email": "survivor"}, follow=True)
    assert answer.redirect_chain == [(place, 302)]
    assert "One of the two cards has changed" in answer.content.decode()
