"""The personal data policies of tickets, and of what clients typed as staff reported it to support."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.messaging.notifications import services as notifications
from portal.signin_support.models import ReportedIdentifier
from portal.ui.person_mentions import MentionMatcher
from tenants.context import get_current_business
from tenants.models import SupportTicket
from tenants.nouns.personal_data_policies import PersonalDataPolicy, PersonIdentity


def _erase_tickets(person: PersonIdentity, now: datetime) -> int:
    """Delete tickets about the person or an address of theirs: a snapshot shows masked addresses and sign-ins."""
    reported = _find_reported_identifiers(person).values_list("ticket_id", flat=True)
    is_theirs = Q(client_id__in=person.client_ids) | Q(pk__in=list(reported))
    tickets = SupportTicket.objects.filter(is_theirs, business=get_current_business())
    ids = list(tickets.values_list("pk", flat=True))
    notifications.delete_notifications(subject_ids=ids)
    tickets.delete()
    return len(ids)


def _erase_reported_identifiers(person: PersonIdentity, now: datetime) -> int:
    """Delete what was reported, if it is an address that no other client has, or a name."""
    return _find_reported_identifiers(person).delete()[0]


def _find_reported_identifiers(person: PersonIdentity) -> QuerySet[ReportedIdentifier]:
    matcher = MentionMatcher(person)
    reported = ReportedIdentifier.objects.values_list("pk", "typed", "value")
    theirs = [key for key, *texts in reported if any(matcher.is_search_for(text) for text in texts)]
    return ReportedIdentifier.objects.filter(pk__in=theirs)


POLICIES = (
    # First, because tickets without a client are found by what was reported.
    PersonalDataPolicy(
        "support-tickets",
        "tenants.SupportTicket",
        moves_on_merge=False,
        erase=_erase_tickets,
        erasure_label=_("Support tickets"),
    ),
    PersonalDataPolicy(
        "reported-identifiers",
        "signin_support.ReportedIdentifier",
        moves_on_merge=False,
        erase=_erase_reported_identifiers,
        erasure_label=_("Addresses reported to support"),
    ),
)
