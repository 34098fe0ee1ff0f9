"""Tests of merging two clients: the survivor's data, and the redirect that the duplicate becomes."""

from uuid import uuid4

import pytest
from django.apps import apps

from portal.access.kinds import AccessMessageKind
from portal.access.models import Challenge, ClientSession
from portal.activity.models import Entry
from portal.cards.services import MergeRefused, compute_merged_fields, merge_clients
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, SuggestionKind
from portal.clients.services import suggestions, update_search_text
from portal.clients.services.timeline import list_timeline_entries
from portal.messaging.models import Message
from tenants.context import use_business
from tenants.nouns import registry
from tests.attacks.concurrent_tasks import run_concurrently
from tests.factories import ClientFactory
from tests.portal.clients.client_card_addresses import ANA, MOBILE, WORK


def merge_pair(acme, pair, staff, now):
    with use_business(acme):
        return merge_clients(survivor=pair[0], duplicate=pair[1], staff=staff, now=now)


def test_the_preview_equals_the_result_of_the_merge(acme, survivor_and_duplicate, staff_actor, now):
    with use_business(acme):
        promised = {
            row.field: row.result
            for row in compute_merged_fields(survivor=survivor_and_duplicate[0], duplicate=survivor_and_duplicate[1])
        }
    survivor = merge_pair(acme, survivor_and_duplicate, staff_actor, now)

    stands = {
        field: getattr(survivor, field) for field in ("name", "status", "language", "time_zone", "source", "created_at")
    }
    assert promised == stands | survivor.custom | {"main_email": ANA}
    assert (survivor.name, survivor.language) == ("Ana Pereira", "de"), (
        "the card that stays wins wherever it says something"
    )
    assert survivor.custom == {"a": "survivor", "b": "duplicate", "c": True}


def test_a_merge_moves_all_data_without_duplicates(acme, survivor_and_duplicate, staff_actor, now):
    survivor = merge_pair(acme, survivor_and_duplicate, staff_actor, now)
    with use_business(acme):
        mobile = survivor.contacts.get(value=MOBILE)
        assert {contact.value for contact in survivor.contacts.all()} == {ANA, WORK, MOBILE}
        assert (mobile.label, bool(mobile.confirmed_at)) == ("Own", True)
        assert {tag.name for tag in survivor.tags.all()} == {"Regular", "Knee"}
        assert (
            survivor.notes.count(),
            survivor.sessions.count(),
            survivor.messages.filter(to=WORK, kind=AccessMessageKind.NEW_BROWSER).count(),
        ) == (1, 2, 1)
        assert list(survivor.chat_messages.order_by("written_at").values_list("is_latest", flat=True)) == [False, True]
        assert WORK in Client.objects.get(pk=survivor.pk).search
        for policy in registry.list_personal_data_policies():
            if policy.moves_on_merge:
                assert not policy.model_class._default_manager.filter(
                    client_id=survivor_and_duplicate[1].pk
                ).exists(), policy.key


def test_a_suggestion_for_both_cards_is_kept_once(acme, survivor_and_duplicate, staff_actor, now):
    with use_business(acme):
        for card, value in (
            (survivor_and_duplicate[0], "Anna"),
            (survivor_and_duplicate[1], "Anna"),
            (survivor_and_duplicate[1], "Annika"),
        ):
            fields = {"kind": SuggestionKind.NAME, "value": value, "submitted_data": {}, "source": "contact-form"}
            suggestions.add_suggestion(client=card, subject_id=uuid4(), now=now, **fields)
    survivor = merge_pair(acme, survivor_and_duplicate, staff_actor, now)

    with use_business(acme):
        assert sorted(survivor.suggestions.values_list("value", flat=True)) == ["Anna", "Annika"]


def test_the_survivor_shows_both_timelines_and_no_entry_changes(acme, survivor_and_duplicate, staff_actor, now):
    with use_business(acme):
        before = dict(Entry.objects.values_list("pk", "client_id"))
    survivor = merge_pair(acme, survivor_and_duplicate, staff_actor, now)

    with use_business(acme):
        entry_ids = {entry.pk for entry in list_timeline_entries(survivor)}
        assert {pk: Entry.objects.get(pk=pk).client_id for pk in before} == before
    assert set(before) <= entry_ids


def test_the_duplicate_redirects_to_the_survivor(acme, survivor_and_duplicate, staff_actor, now, staff_client):
    survivor = merge_pair(acme, survivor_and_duplicate, staff_actor, now)
    browser = staff_client("read-only")
    for page in ("", "timeline/", "contacts/", "notes/", "sessions/"):
        answer = browser.get(f"/console/acme/clients/{survivor_and_duplicate[1].pk}/{page}")
        assert answer.headers["Location"] == f"/console/acme/clients/{survivor.pk}/{page}"

    with use_business(acme):
        assert list(Client.objects.exclude_unlisted()) == [survivor]


def test_posting_to_the_duplicate_changes_nothing(acme, survivor_and_duplicate, staff_actor, now, staff_client):
    survivor = merge_pair(acme, survivor_and_duplicate, staff_actor, now)
    answer = staff_client("owner").post(f"/console/acme/clients/{survivor_and_duplicate[1].pk}/block/")

    assert answer.headers["Location"] == f"/console/acme/clients/{survivor.pk}/"
    with use_business(acme):
        assert Client.objects.get(pk=survivor.pk).status == "active"


def test_a_merge_is_logged_with_the_values_of_both_cards(acme, survivor_and_duplicate, staff_actor, now):
    merge_pair(acme, survivor_and_duplicate, staff_actor, now)
    with use_business(acme):
        entry = Entry.objects.get(event_type=ClientEvent.MERGED)

    assert (entry.client_id, entry.subject_id, entry.actor_name, entry.ip) == (
        survivor_and_duplicate[0].pk,
        survivor_and_duplicate[1].pk,
        "Sabine Acker",
        "10.0.0.1",
    )
    assert entry.data["other_card"]["name"] == "A. Pereira"
    assert (entry.data["before"]["language"], entry.data["after"]["language"]) == ("", "de")
    assert WORK not in str(entry.data)


def test_merging_again_changes_nothing_and_notifies_nobody(acme, survivor_and_duplicate, staff_actor, now):
    merge_pair(acme, survivor_and_duplicate, staff_actor, now)
    with use_business(acme):
        before = Entry.objects.count(), Message.objects.count()
    survivor = merge_pair(acme, survivor_and_duplicate, staff_actor, now)

    with use_business(acme):
        assert (survivor.pk, (Entry.objects.count(), Message.objects.count())) == (survivor_and_duplicate[0].pk, before)


def test_chained_merges_redirect_to_the_last_survivor(acme, survivor_and_duplicate, staff_actor, now):
    first = merge_pair(acme, survivor_and_duplicate, staff_actor, now)
    with use_business(acme):
        third = ClientFactory(name="Ana P.", email="ana@third.example")
    merge_pair(acme, (third, first), staff_actor, now)

    with use_business(acme):
        assert set(Client.objects.filter(merged_into=third)) == set(survivor_and_duplicate)
        assert {entry.client_id for entry in list_timeline_entries(third)} == {
            third.pk,
            survivor_and_duplicate[0].pk,
            survivor_and_duplicate[1].pk,
        }


def test_the_addresses_of_both_are_notified_once(acme, survivor_and_duplicate, staff_actor, now):
    merge_pair(acme, survivor_and_duplicate, staff_actor, now)
    with use_business(acme):
        entry_ids = list(Message.objects.filter(kind=AccessMessageKind.CONTACT_CHANGED).values_list("to", flat=True))
    assert sorted(entry_ids) == sorted([ANA, WORK, MOBILE])


@pytest.mark.parametrize("status", ["archived", "blocked"])
@pytest.mark.parametrize("which", [0, 1])
def test_archived_and_blocked_clients_can_be_merged_and_a_block_stays(
    acme, survivor_and_duplicate, staff_actor, now, status, which
):
    with use_business(acme):
        Client.objects.filter(pk=survivor_and_duplicate[which].pk).update(status=status)
    survivor = merge_pair(acme, survivor_and_duplicate, staff_actor, now)

    expected = {
        ("blocked", 0): "blocked",
        ("blocked", 1): "blocked",
        ("archived", 0): "archived",
        ("archived", 1): "active",
    }
    assert survivor.status == expected[status, which]


def test_an_impossible_merge_is_refused(acme, survivor_and_duplicate, staff_actor, now):
    survivor, duplicate = survivor_and_duplicate
    with use_business(acme):
        demo, third = ClientFactory(name="Demo", is_demo=True), ClientFactory(name="Third")
        erased = ClientFactory(name="Erased client", erased_at=now)
        merge_clients(survivor=survivor, duplicate=duplicate, staff=staff_actor, now=now)
        for one, other in (
            (survivor, survivor),
            (survivor, demo),
            (survivor, erased),
            (erased, survivor),
            (third, duplicate),
            (duplicate, third),
        ):
            with pytest.raises(MergeRefused):
                merge_clients(survivor=one, duplicate=other, staff=staff_actor, now=now)


def test_every_table_with_clients_has_a_personal_data_policy():
    """A table nobody named would keep an erased person's data, and lose a merged one's."""
    known = {policy.model_class for policy in registry.list_personal_data_policies()} | {Client, Client.tags.through}
    naming = {
        model
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if model.__module__.startswith("portal.") and (field.related_model is Client or field.name == "client_id")
    }
    assert naming - known == set()


def test_the_console_finds_the_duplicate_previews_and_merges(acme, survivor_and_duplicate, staff_client):
    survivor, duplicate = survivor_and_duplicate
    browser, place = staff_client("manager"), f"/console/acme/clients/{survivor.pk}/merge/"
    assert "A. Pereira" in browser.get(place).content.decode(), "a card with the same number is a likely double"
    with use_business(acme):
        update_search_text([survivor.pk, duplicate.pk])
        Client.objects.filter(pk=duplicate.pk).update(status="archived")
    for typed in ("pereira WORK.example", "+44 7700 900101", "Periera"):
        found = browser.get(place, {"q": typed}).content.decode()
        assert f"merge/{duplicate.pk}/" in found, typed
        assert f"merge/{survivor.pk}/" not in found, "a card is not its own double"
    preview = browser.get(f"{place}{duplicate.pk}/").content.decode()
    assert WORK in preview
    assert "the tag Knee" in preview

    for _press in range(2):
        answer = browser.post(f"{place}{duplicate.pk}/")
        assert answer.headers["Location"] == f"/console/acme/clients/{survivor.pk}/"
    with use_business(acme):
        assert Entry.objects.filter(event_type=ClientEvent.MERGED).count() == 1
        assert (Challenge.objects.count(), ClientSession.objects.filter(ended_at=None).count()) == (0, 0)
        assert Contact.objects.count() == 3


def test_concurrent_merges_in_opposite_directions_keep_one_client(committed_db, acme, staff_actor, now):
    with use_business(acme):
        one, other = (ClientFactory(name=name, email=f"{name}@example.com") for name in ("ana", "anna"))

    def merge_in_thread(pair):
        with use_business(acme):
            try:
                return merge_clients(survivor=pair[0], duplicate=pair[1], staff=staff_actor, now=now).pk
            except MergeRefused:
                return None

    stays = run_concurrently(merge_in_thread, [(one, other), (other, one)] * 4)

    with use_business(acme):
        survivor = Client.objects.get(merged_into=None)
        assert set(stays) == {survivor.pk, None}
        assert Entry.objects.filter(event_type=ClientEvent.MERGED).count() == 1
        assert survivor.contacts.count() == 2
