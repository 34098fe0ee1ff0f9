"""Rows of a business that are past their retention period are purged, and all others stay."""

import uuid
from collections import Counter
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.utils import timezone

from portal.access.kinds import AccessEvent
from portal.access.models import Challenge, ClientSession, ImpersonationMode, ImpersonationSession
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.models import Client
from portal.messaging.models import Message, Notification, Suppression
from portal.team.kinds import TeamEvent
from tenants.context import use_business
from tenants.nouns import registry
from tenants.purging import delete_batch
from tenants.staff.staff_actor import StaffActor
from tests.database_setup import terminate_own_connection
from tests.factories import ClientFactory, ClientSessionFactory
from tests.noun_apps import install_noun_apps, make_noun_app
from tests.portal.access.sign_in_steps import request_code_for
from workers.actors import housekeeping


def create_challenge(*, age: timedelta) -> Challenge:
    then = timezone.now() - age
    return Challenge.objects.create(
        browser_digest=uuid.uuid4().bytes * 2,
        identifier_digest=bytes(32),
        identifier_masked="a…",
        identifier_kind="email",
        key_id="k1",
        created_at=then,
        expires_at=then + timedelta(minutes=20),
    )


def test_old_challenges_and_expired_browsers_are_purged_from_one_business_only(acme, globex, settings):
    for business in (acme, globex):
        with use_business(business):
            create_challenge(age=timedelta(days=31))
            create_challenge(age=timedelta(days=29))
            long_ago = timezone.now() - settings.RECOGNISED_BROWSER_LIFETIME - timedelta(days=40)
            ClientSessionFactory(created_at=long_ago)
            ClientSessionFactory()

    housekeeping.purge_expired_business_rows.fn(business_id=str(acme.pk))

    counts = []
    for business in (acme, globex):
        with use_business(business):
            counts.append((Challenge.objects.count(), ClientSession.objects.count()))
    assert counts == [(1, 1), (2, 2)]


def test_rows_without_a_client_are_purged_and_rows_of_clients_stay(acme):
    long_ago = timezone.now() - timedelta(days=31)
    with use_business(acme):
        ana = ClientFactory(email="ana@example.com")
        for at in (long_ago, timezone.now()):
            request_code_for(acme, "ana@example.com", now=at)
            request_code_for(acme, "nobody@example.org", now=at)

        housekeeping.purge_expired_business_rows.fn(business_id=str(acme.pk))

        left = [list(rows.values_list("client", flat=True)) for rows in (Message.objects, Entry.objects)]
    assert [Counter(clients) for clients in left] == [{ana.pk: 2, None: 1}] * 2


def test_removed_suppressions_are_purged_and_active_ones_stay(acme, now):
    old, block = now - timedelta(days=31), {"channel": "email", "reason": "bounced"}
    with use_business(acme):
        for value, removed_at in (("a@x.test", old), ("b@x.test", now), ("c@x.test", None)):
            Suppression.objects.create(value=value, since=old, removed_at=removed_at, **block)

    housekeeping.purge_expired_business_rows.fn(business_id=str(acme.pk))

    with use_business(acme):
        assert set(Suppression.objects.values_list("value", flat=True)) == {"b@x.test", "c@x.test"}


def test_timeline_entries_of_staff_are_never_purged(acme):
    long_ago = timezone.now() - timedelta(days=400)
    with use_business(acme):
        sam = StaffActor(person_id=uuid.uuid4(), name="Sam")
        done = activity.record_event(TeamEvent.ROLE_CHANGED, at=long_ago, **activity.get_actor_fields(sam))
        typed = activity.record_event(AccessEvent.CODE_REQUESTED, at=long_ago)

    housekeeping.purge_expired_business_rows.fn(business_id=str(acme.pk))

    with use_business(acme):
        assert set(Entry.objects.filter(pk__in=[done.pk, typed.pk])) == {done}


def test_notifications_are_purged_after_three_months(acme):
    person, now = uuid.uuid4(), timezone.now()
    with use_business(acme):
        for age in (1, 89, 91):
            Notification.objects.create(
                person_id=person, kind="new-message", path="messages/", subject=str(age), at=now - timedelta(days=age)
            )

    housekeeping.purge_expired_business_rows.fn(business_id=str(acme.pk))

    with use_business(acme):
        assert sorted(Notification.objects.values_list("subject", flat=True)) == ["1", "89"]


def test_impersonation_sessions_are_purged_ninety_days_after_their_end(acme):
    now = timezone.now()
    with use_business(acme):
        ana = ClientFactory()
        for days in (91, 89, -1):
            when = now - timedelta(days=days)
            ImpersonationSession.objects.create(
                client=ana,
                mode=ImpersonationMode.READ_ONLY,
                reason="trying",
                token_digest=uuid.uuid4().bytes * 2,
                person_id=uuid.uuid4(),
                created_at=when,
                expires_at=when,
            )
    housekeeping.purge_expired_business_rows.fn(business_id=str(acme.pk))

    with use_business(acme):
        assert ImpersonationSession.objects.count() == 2


def test_a_business_is_purged_in_batches_until_nothing_old_is_left(acme, monkeypatch):
    monkeypatch.setattr(housekeeping, "BATCH_SIZE", 2)
    with use_business(acme):
        for days in (31, 32, 33, 34, 35, 29):
            create_challenge(age=timedelta(days=days))
            activity.record_event(AccessEvent.CODE_REQUESTED, at=timezone.now() - timedelta(days=days))

    housekeeping.purge_expired_business_rows.fn(business_id=str(acme.pk))

    with use_business(acme):
        assert (Challenge.objects.count(), Entry.objects.count()) == (1, 1)


def test_a_purge_that_fails_undoes_only_its_last_batch(acme, monkeypatch):
    monkeypatch.setattr(housekeeping, "BATCH_SIZE", 2)
    noun = make_noun_app(purges=(f"{__name__}.purge_challenges_then_fail",))
    with use_business(acme):
        for _number in range(5):
            create_challenge(age=timedelta(days=31))

    with (
        install_noun_apps(noun, alone=True),
        pytest.raises(housekeeping.PurgeFailed, match="purge_challenges_then_fail"),
    ):
        housekeeping.purge_expired_business_rows.fn(business_id=str(acme.pk))

    with use_business(acme):
        assert Challenge.objects.count() == 3


def purge_challenges_then_fail(now, limit):
    """Delete a batch, and fail once fewer than three challenges are left."""
    deleted = delete_batch(Challenge.objects.all(), limit)
    return deleted if Challenge.objects.count() >= 3 else 1 / 0


def fail_to_purge(now, limit):
    """Fail at once."""
    return 1 / 0


def purge_all_challenges(now, limit):
    """Delete a batch."""
    return delete_batch(Challenge.objects.all(), limit)


def test_a_failing_purge_does_not_stop_the_others(acme):
    noun = make_noun_app(purges=(f"{__name__}.fail_to_purge", f"{__name__}.purge_all_challenges"))
    with use_business(acme):
        create_challenge(age=timedelta(days=31))

    with install_noun_apps(noun, alone=True), pytest.raises(housekeeping.PurgeFailed, match="fail_to_purge"):
        housekeeping.purge_expired_business_rows.fn(business_id=str(acme.pk))

    with use_business(acme):
        assert not Challenge.objects.exists()


def lose_connection(now, limit):
    """Lose the database connection, and fail."""
    terminate_own_connection()
    return delete_batch(Challenge.objects.all(), limit)


def test_a_lost_connection_does_not_stop_the_other_purges(acme, committed_db):
    noun = make_noun_app(purges=(f"{__name__}.lose_connection", f"{__name__}.purge_all_challenges"))
    with use_business(acme):
        create_challenge(age=timedelta(days=31))

    with install_noun_apps(noun, alone=True), pytest.raises(housekeeping.PurgeFailed, match=r"\.lose_connection$"):
        housekeeping.purge_expired_business_rows.fn(business_id=str(acme.pk))

    with use_business(acme):
        assert not Challenge.objects.exists()


def test_every_purge_of_a_noun_is_declared():
    """A purge that no noun names would never run."""
    modules = [f"{noun.name}.purges" for noun in registry.list_noun_configs() if find_spec(f"{noun.name}.purges")]
    written = {f"{module}.{name}" for module in modules for name in vars(import_module(module))}
    assert {path for path in written if path.rpartition(".")[2].startswith("purge_")} == set(
        registry.list_purge_paths()
    )


def test_a_batch_counts_its_own_rows_and_not_what_is_deleted_with_them(acme):
    with use_business(acme):
        for _number in range(3):
            ClientSessionFactory()
        rows = Client.objects.filter(sessions__isnull=False)

        assert [delete_batch(rows, 2) for _call in range(3)] == [2, 1, 0]
