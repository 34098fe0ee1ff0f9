"""The personal data policies of webhooks: what was sent of a client is deleted with the client's data."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.integrations.models import WebhookAttempt, WebhookEvent
from tenants.nouns.personal_data_policies import PersonalDataPolicy, PersonIdentity


def _erase_attempts(person: PersonIdentity, now: datetime) -> int:
    return WebhookAttempt.objects.filter(event__client__in=person.client_ids).delete()[0]


def _erase_events(person: PersonIdentity, now: datetime) -> int:
    return WebhookEvent.objects.filter(client__in=person.client_ids).delete()[0]


POLICIES = (
    PersonalDataPolicy(
        "webhook_attempts",
        "integrations.WebhookAttempt",
        moves_on_merge=False,
        erase=_erase_attempts,
        free_texts=("answer",),
        erasure_label=_("Answers to webhooks"),
    ),
    PersonalDataPolicy(
        "webhook_events",
        "integrations.WebhookEvent",
        moves_on_merge=False,
        erase=_erase_events,
        free_texts=("body",),
        erasure_label=_("Webhooks"),
    ),
)
