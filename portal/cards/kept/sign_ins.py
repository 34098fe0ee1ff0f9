"""What does signing in keep of a person?"""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access import tokens
from portal.access.models import Challenge
from portal.activity.models import Entry
from portal.cards.holdings import Holding, Keys
from portal.cards.kept.card import only_theirs
from portal.cards.kept.timeline import blank
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact
from portal.signin_support.models import ReportedIdentifier


def _merge_challenges(kept: Client, gone: Client, now: datetime) -> None:
    for column in ("client", "code_issued_to"):
        Challenge.objects.filter(**{column: gone}).update(**{column: kept})


def _erase_challenges(keys: Keys, now: datetime) -> None:
    """Delete attempts, also those that named no client: the address was shared, or its owner was shut out.

    So goes what staff told support of an address, when nobody on file had it yet.
    What was typed stands masked on lines that name no client either; they are blanked with the attempt.
    """
    own = only_theirs(keys)
    ReportedIdentifier.objects.filter(value__in=own).delete()
    digests = [tokens.identifier_digest(_read(value)) for value in own]
    nobodys = Q(client=None, identifier_digest__in=digests)
    concerned = Challenge.objects.filter(Q(client__in=keys) | Q(code_issued_to__in=keys) | nobodys)
    blank(Entry.objects.filter(client=None, subject_id__in=list(concerned.values_list("pk", flat=True))))
    concerned.delete()


def _read(value: str) -> Identifier:
    return Identifier(Contact.Kind.EMAIL if "@" in value else Contact.Kind.PHONE, value)


SESSIONS = Holding("sessions", _("Sessions"), "access.ClientSession")
VISITS = Holding(
    "impersonation_sessions",
    _("Seen by staff as the client sees it"),
    "access.ImpersonationSession",
    left_out=("person_id",),
)
CHALLENGES = Holding(
    "sign-ins",
    _("Sign-in attempts"),
    "access.Challenge",
    left_out=("key_id", "digits", "code_issued_to"),
    merge=_merge_challenges,
    erase=_erase_challenges,
)
