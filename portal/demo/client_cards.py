"""The tags, notes, custom fields and saved views of the demo's clients."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Max

from portal.access.models import ClientSession
from portal.clients import services as clients
from portal.clients.models import Client, CustomField, Note
from tenants.staff.actor import Staff

# Each tag with how many of ten clients have it.
TAGS = {
    "acme": {"Knee": 2, "Back": 3, "Shoulder": 1, "Home visit": 1, "Pilates course": 2, "Privately insured": 2},
    "globex": {"Estate": 2, "Employment": 2, "Tenancy": 1, "Retainer": 3, "Conflict check": 1},
}
FIELDS: dict[str, list[dict[str, Any]]] = {
    "acme": [
        {"name": "Insurance", "kind": "choice", "choices": ["Statutory", "Private", "None"]},
        {"name": "Referred by", "kind": "text", "choices": []},
        {"name": "Consent signed", "kind": "yes-no", "choices": []},
    ],
    "globex": [
        {"name": "Matter", "kind": "text", "choices": []},
        {"name": "Billing", "kind": "choice", "choices": ["Hourly", "Flat fee", "Contingency"]},
        {"name": "Engagement letter", "kind": "yes-no", "choices": []},
    ],
}
TEXT_VALUES = {
    "Referred by": ("Dr. Behrens", "Dr. Okonkwo", "St. Hedwig hospital", "A friend"),
    "Matter": ("2025-014", "2025-027", "2026-003", "2026-011"),
}
NOTES = {
    "acme": (
        "Prefers mornings, before nine if at all possible.",
        "Comes with crutches until the end of the month: book room 2, it has no steps.",
        "Asked for the exercises by mail. Sent on the portal.",
        "Allergic to the lavender oil. Use the neutral one.",
        "Wants to hear about the Pilates course in autumn.",
    ),
    "globex": (
        "Call before sending anything long; reads mail in the evening.",
        "Original will is in the safe, second drawer.",
        "Conflict check done and clear.",
        "Speaks Spanish with us; letters in English.",
        "Husband may be told about appointments, nothing else.",
    ),
}
VIEWS = {
    "acme": {"Never signed in": "seen=never", "Blocked": "status=blocked"},
    "globex": {"Never signed in": "seen=never", "Away for long": "seen=long-ago"},
}
SOURCES = (Client.Source.STAFF,) * 5 + (Client.Source.UPLOAD,) * 3 + (Client.Source.CONTACT_FORM,) * 2


def seed_client_cards(slug: str, client_list: list[Client], *, staff: Staff, now: datetime) -> None:
    """Fill the cards of the current business's clients. Seeded, so the same on every machine."""
    random = Random(f"{slug} cards")  # noqa: S311  (a story, not a secret)
    fields = [
        clients.add_custom_field(**attributes, staff=staff, now=now - timedelta(days=410))
        for attributes in FIELDS[slug]
    ]
    for name, query in VIEWS[slug].items():
        clients.save_view(name=name, query=query, person_id=None, staff=staff, now=now - timedelta(days=400))
    for name, tenths in TAGS[slug].items():
        tagged = [client.pk for client in client_list if random.random() < tenths / 10]
        tag, tagged_clients = clients.get_or_create_tag(name), Client.objects.filter(pk__in=tagged)
        clients.tag_clients(clients=tagged_clients, tag=tag, staff=staff, now=now - timedelta(days=30))
    for client in client_list:
        client.source, client.custom = random.choice(SOURCES), _field_values(fields, random)
    Client.objects.bulk_update(client_list, ["source", "custom"])
    _seed_notes(slug, client_list, staff, random, now=now)
    _set_last_sign_in(client_list)


def _field_values(fields: list[CustomField], random: Random) -> dict[str, Any]:
    """Return values for about two of three custom fields."""
    filled = [field for field in fields if random.random() < 0.67]
    return {str(field.pk): _field_value(field, random) for field in filled}


def _field_value(field: CustomField, random: Random) -> str | bool:
    if field.kind == CustomField.Kind.YES_NO:
        return random.random() < 0.8
    return random.choice(field.choices or TEXT_VALUES[field.name])


def _seed_notes(slug: str, client_list: list[Client], staff: Staff, random: Random, *, now: datetime) -> None:
    author: dict[str, Any] = {"author_id": staff.person_id, "author_name": staff.name}
    Note.objects.bulk_create(
        Note(
            client=client,
            body=random.choice(NOTES[slug]),
            created_at=now - timedelta(days=random.uniform(2, 35)),
            **author,
        )
        for client in random.sample(client_list, 14)
    )


def _set_last_sign_in(client_list: list[Client]) -> None:
    """Save when each client last signed in, as signing in does."""
    last = dict(ClientSession.objects.order_by().values_list("client").annotate(Max("created_at")))
    for client in client_list:
        client.signed_in_at = last.get(client.pk)
    Client.objects.bulk_update(client_list, ["signed_in_at"])
