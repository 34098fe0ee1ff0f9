"""The personal data policies of sign-in attempts and sessions."""

import uuid
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access.identifier_digests import digest_identifier
from portal.access.models import Challenge
from portal.activity.anonymisation import anonymise_entries
from portal.activity.models import Entry
from portal.clients import services as clients
from portal.clients.identifiers import Identifier
from portal.clients.models import ContactKind
from tenants.nouns.personal_data_policies import ClientIds, PersonalDataPolicy


def _merge_challenges(survivor_id: uuid.UUID, duplicate_id: uuid.UUID, now: datetime) -> None:
    for column in ("client", "code_issued_to"):
        Challenge.objects.filter(**{column: duplicate_id}).update(**{column: survivor_id})


def _erase_challenges(client_ids: ClientIds, now: datetime) -> None:
    """Delete sign-in attempts, also those that name no client because the address was shared or not allowed.

    Timeline entries of the attempts hold the masked address and name no client either, so they are anonymised with
    them.
    """
    addresses = clients.find_exclusive_addresses(client_ids)
    digests = [digest_identifier(_parse_contact_value(value)) for value in addresses]
    is_unnamed = Q(client=None, identifier_digest__in=digests)
    challenges = Challenge.objects.filter(Q(client__in=client_ids) | Q(code_issued_to__in=client_ids) | is_unnamed)
    anonymise_entries(Entry.objects.filter(client=None, subject_id__in=list(challenges.values_list("pk", flat=True))))
    challenges.delete()


def _parse_contact_value(value: str) -> Identifier:
    return Identifier(ContactKind.EMAIL if "@" in value else ContactKind.PHONE, value)


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
    ),
    PersonalDataPolicy("sessions", "access.ClientSession", _("Sessions")),
)
