"""The personal data policies of sign-in attempts and sessions."""

import uuid
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access.identifier_digests import digest_identifier
from portal.access.models import Challenge, ClientSession
from portal.activity.anonymisation import anonymise_entries
from portal.activity.models import Entry
from portal.clients.identifiers import build_identifier
from tenants.nouns.personal_data_policies import ClientIds, PersonalDataPolicy, PersonIdentity


def _merge_challenges(survivor_id: uuid.UUID, duplicate_id: uuid.UUID, now: datetime) -> None:
    for column in ("client", "code_issued_to"):
        Challenge.objects.filter(**{column: duplicate_id}).update(**{column: survivor_id})


def _erase_challenges(person: PersonIdentity, now: datetime) -> int:
    """Delete sign-in attempts, also those that name no client, or another one who typed an address of the person.

    Timeline entries of the attempts hold the masked address and name no client either, so they are anonymised with
    them.
    """
    addresses = sorted(person.addresses)
    digests = [digest for value in addresses for digest in digest_identifier(build_identifier(value))]
    has_address = Q(identifier_digest__in=digests) | Q(address__in=addresses) | Q(destinations__overlap=addresses)
    is_theirs = Q(client__in=person.client_ids) | Q(code_issued_to__in=person.client_ids)
    challenges = Challenge.objects.filter(is_theirs | has_address)
    subject_ids = list(challenges.values_list("pk", flat=True))
    anonymise_entries(Entry.objects.filter(client=None, subject_id__in=subject_ids))
    challenges.delete()
    return len(subject_ids)


def _erase_sessions(person: PersonIdentity, now: datetime) -> int:
    """Delete sessions, and remove the person's addresses from those of a client who had them before."""
    others = ClientSession.objects.exclude(client__in=person.client_ids)
    others.filter(address__in=person.addresses, ended_at__isnull=False).update(address="")
    _total, deleted = ClientSession.objects.filter(client__in=person.client_ids).delete()
    return deleted.get(ClientSession._meta.label, 0)


def _find_proven_addresses(client_ids: ClientIds) -> set[str]:
    """Return the addresses with which these clients once signed in, or that they proved to be theirs."""
    sessions = ClientSession.objects.filter(client__in=client_ids).values_list("address", flat=True)
    verified = Challenge.objects.filter(client__in=client_ids, verified_at__isnull=False)
    return {*sessions, *verified.values_list("address", flat=True)}


POLICIES = (
    PersonalDataPolicy(
        "sign-ins",
        "access.Challenge",
        _("Sign-in attempts"),
        excluded_columns=("key_id", "code_length", "code_issued_to"),
        merge=_merge_challenges,
        erase=_erase_challenges,
    ),
    PersonalDataPolicy(
        "impersonation-sessions",
        "access.ImpersonationSession",
        _("Views as this client by staff"),
        excluded_columns=("person_id",),
        free_texts=("reason",),
    ),
    PersonalDataPolicy(
        "sessions",
        "access.ClientSession",
        _("Sessions"),
        excluded_columns=("passkey_id",),
        erase=_erase_sessions,
        find_addresses=_find_proven_addresses,
    ),
)
