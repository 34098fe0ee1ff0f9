"""The personal data policy of enquiries."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.clients.services.submission_matching import lock_submission_matching
from portal.intake.models import Enquiry
from portal.messaging.notifications import services as notifications
from portal.ui.person_mentions import MentionMatcher
from tenants.nouns.personal_data_policies import PersonalDataPolicy, PersonIdentity


def _erase_enquiries(person: PersonIdentity, now: datetime) -> int:
    """Delete the person's enquiries, and remove their addresses from those of other clients."""
    ids = [*_find_client_enquiries(person), *_find_enquiries_by_address(person)]
    notifications.delete_notifications(subject_ids=ids)
    Enquiry.objects.filter(pk__in=ids).delete()
    for column in ("email", "mobile"):
        Enquiry.objects.filter(**{f"{column}__in": person.addresses}).update(**{column: ""})
    return len(ids)


def _find_client_enquiries(person: PersonIdentity) -> QuerySet[Enquiry, UUID]:
    return Enquiry.objects.filter(client__in=person.client_ids).values_list("pk", flat=True)


def _find_enquiries_by_address(person: PersonIdentity) -> list[UUID]:
    """Return enquiries that have one of their addresses: of others' only what has their name, too."""
    matcher = MentionMatcher(person)
    addresses = person.addresses | person.shared_addresses
    has_address = Q(email__in=addresses) | Q(mobile__in=addresses)
    found = Enquiry.objects.exclude(client__in=person.client_ids).filter(has_address)
    return [
        enquiry.pk
        for enquiry in found.only("client", "name", "email", "mobile")
        if matcher.has_name(enquiry.name)
        or (enquiry.client_id is None and person.addresses & {enquiry.email, enquiry.mobile})
    ]


POLICIES = (
    PersonalDataPolicy(
        "enquiries",
        "intake.Enquiry",
        _("Enquiries"),
        ordering="received_at",
        excluded_columns=("idempotency_key", "reader_name"),
        erase=_erase_enquiries,
        # A worker that matches an enquiry with the client meanwhile would add it to the erased card.
        lock=lock_submission_matching,
        free_texts=("message", "custom"),
    ),
)
