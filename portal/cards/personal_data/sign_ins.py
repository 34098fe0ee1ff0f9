"""Personal data policies for sign-in attempts and sessions."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access import tokens
from portal.access.models import Challenge
from portal.activity.models import Entry
from portal.cards.personal_data.client_list import find_exclusive_addresses
from portal.cards.personal_data.policies import ClientIds, PersonalDataPolicy
from portal.cards.personal_data.timeline import anonymise_entries
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact
from portal.signin_support.models import ReportedIdentifier


def _merge_challenges(survivor: Client, duplicate: Client, now: datetime) -> None:
    for column in ("client", "code_issued_to"):
        Challenge.objects.filter(**{column: duplicate}).update(**{column: survivor})


def _erase_challenges(client_ids: ClientIds, now: datetime) -> None:
    """Delete sign-in attempts, also those that name no client because the address was shared or not allowed.

    Delete what staff reported to support of these addresses, too. Timeline entries of the attempts hold the masked
    address and name no client either, so they are anonymised with them.
    """
    addresses = find_exclusive_addresses(client_ids)
    ReportedIdentifier.objects.filter(value__in=addresses).delete()
    digests = [tokens.identifier_digest(_to_identifier(value)) for value in addresses]
    is_unnamed = Q(client=None, identifier_digest__in=digests)
    challenges = Challenge.objects.filter(Q(client__in=client_ids) | Q(code_issued_to__in=client_ids) | is_unnamed)
    anonymise_entries(Entry.objects.filter(client=None, subject_id__in=list(challenges.values_list("pk", flat=True))))
    challenges.delete()


def _to_identifier(value: str) -> Identifier:
    return Identifier(Contact.Kind.EMAIL if "@" in value else Contact.Kind.PHONE, value)


SESSIONS = PersonalDataPolicy("sessions", _("Sessions"), "access.ClientSession")
IMPERSONATION_SESSIONS = PersonalDataPolicy(
    "impersonation-sessions",
    _("Views as this client by staff"),
    "access.ImpersonationSession",
    excluded_columns=("person_id",),
)
CHALLENGES = PersonalDataPolicy(
    "sign-ins",
    _("Sign-in attempts"),
    "access.Challenge",
    excluded_columns=("key_id", "digits", "code_issued_to"),
    merge=_merge_challenges,
    erase=_erase_challenges,
)
