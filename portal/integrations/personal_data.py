"""The personal data policies of webhooks and of the API: what programs were told of a client goes with the client."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.integrations.models import IdempotentRequest, WebhookAttempt, WebhookEvent
from tenants.nouns.personal_data_policies import PersonalDataPolicy, PersonIdentity


def _erase_attempts(person: PersonIdentity, now: datetime) -> int:
    return WebhookAttempt.objects.filter(event__client__in=person.client_ids).delete()[0]


def _erase_events(person: PersonIdentity, now: datetime) -> int:
    return WebhookEvent.objects.filter(client__in=person.client_ids).delete()[0]


def _clear_answers(person: PersonIdentity, now: datetime) -> int:
    """Remove all answers: that to a note, say, names no client. The requests stay, so that none is done again.

    The one that erases has no answer yet.
    """
    return (
        IdempotentRequest.objects.filter(is_cleared=False)
        .exclude(status=0)
        .update(body="", headers={}, is_cleared=True)
    )


POLICIES = (
    PersonalDataPolicy(
        "idempotent_requests",
        "integrations.IdempotentRequest",
        moves_on_merge=False,
        erase=_clear_answers,
        free_texts=("body",),
        erasure_label=_("Answers to programs"),
    ),
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
