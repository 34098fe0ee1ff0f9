"""The tags, notes, custom fields and saved views of the demo's clients."""

from datetime import timedelta
from random import Random
from typing import Any

from portal.clients import services
from portal.clients.kinds import ClientSource
from portal.clients.models import Client, CustomField, CustomFieldKind, Note
from tenants.nouns import registry
from tenants.nouns.demo_business import DemoBusiness

# Each tag with how many of ten clients have it.
TAGS = {
    "acme": {"Knee": 2, "Back": 3, "Shoulder": 1, "Home visit": 1, "Pilates course": 2, "Privately insured": 2},
    "globex": {"Estate": 2, "Employment": 2, "Tenancy": 1, "Retainer": 3, "Conflict check": 1},
}
CUSTOM_FIELDS: dict[str, list[dict[str, Any]]] = {
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
SAVED_VIEWS = {
    "acme": {"Never signed in": "seen=never", "Blocked": "status=blocked"},
    "globex": {"Never signed in": "seen=never", "Away for long": "seen=long-ago"},
}


def seed_client_cards(demo_business: DemoBusiness, clients: list[Client]) -> None:
    """Fill the cards of a demo business's clients."""
    random = demo_business.create_random("cards")
    fields = _seed_custom_fields(demo_business)
    _seed_saved_views(demo_business)
    _seed_tags(demo_business, clients, random)
    other_sources = [source for source in registry.get_client_source_labels() if source not in ClientSource.values]
    sources = [ClientSource.STAFF] * 5 + [ClientSource.UPLOAD] * 3 + other_sources * 2
    for client in clients:
        client.source, client.custom = random.choice(sources), _draw_field_values(fields, random)
    Client.objects.bulk_update(clients, ["source", "custom"])
    _seed_notes(demo_business, clients, random)


def _seed_custom_fields(demo_business: DemoBusiness) -> list[CustomField]:
    added_at = demo_business.now - timedelta(days=410)
    return [
        services.add_custom_field(**attributes, staff=demo_business.staff, now=added_at)
        for attributes in CUSTOM_FIELDS[demo_business.slug]
    ]


def _seed_saved_views(demo_business: DemoBusiness) -> None:
    saved_at = demo_business.now - timedelta(days=400)
    for name, query in SAVED_VIEWS[demo_business.slug].items():
        services.save_view(
            business=demo_business.business,
            name=name,
            query=query,
            is_shared=True,
            may_share=True,
            staff=demo_business.staff,
            now=saved_at,
        )


def _seed_tags(demo_business: DemoBusiness, clients: list[Client], random: Random) -> None:
    tagged_at = demo_business.now - timedelta(days=30)
    for name, tenths in TAGS[demo_business.slug].items():
        tagged = [client.pk for client in clients if random.random() < tenths / 10]
        tag, tagged_clients = services.get_or_create_tag(name), Client.objects.filter(pk__in=tagged)
        services.tag_clients(clients=tagged_clients, tag=tag, staff=demo_business.staff, now=tagged_at)


def _draw_field_values(fields: list[CustomField], random: Random) -> dict[str, Any]:
    """Return values for about two of three custom fields."""
    filled = [field for field in fields if random.random() < 0.67]
    return {str(field.pk): _draw_field_value(field, random) for field in filled}


def _draw_field_value(field: CustomField, random: Random) -> str | bool:
    if field.kind == CustomFieldKind.YES_NO:
        return random.random() < 0.8
    return random.choice(field.choices or TEXT_VALUES[field.name])


def _seed_notes(demo_business: DemoBusiness, clients: list[Client], random: Random) -> None:
    staff, now = demo_business.staff, demo_business.now
    author: dict[str, Any] = {"author_id": staff.person_id, "author_name": staff.name}
    Note.objects.bulk_create(
        Note(
            client=client,
            body=random.choice(NOTES[demo_business.slug]),
            created_at=now - timedelta(days=random.uniform(2, 35)),
            **author,
        )
        for client in random.sample(clients, 14)
    )
