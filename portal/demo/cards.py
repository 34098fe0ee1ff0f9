"""What stands on the cards of the demo's clients beside their addresses: tags, notes, own fields?"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Max

from portal.access.models import ClientSession
from portal.clients import services as clients
from portal.clients.models import Client, CustomField, Note
from tenants.staff.actor import Staff

# Each tag with how many of ten clients carry it.
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
TEXTS = {
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
WAYS = (Client.Source.STAFF,) * 5 + (Client.Source.UPLOAD,) * 3 + (Client.Source.CONTACT_FORM,) * 2


def fill_cards(slug: str, listed: list[Client], *, desk: Staff, now: datetime) -> None:
    """Write on the cards of a business whose schema this thread works in. The same on every machine."""
    random = Random(f"{slug} cards")  # noqa: S311  (a story, not a secret)
    fields = [clients.add_custom_field(**facts, staff=desk, now=now - timedelta(days=410)) for facts in FIELDS[slug]]
    for name, query in VIEWS[slug].items():
        clients.save_view(name=name, query=query, person_id=None, staff=desk, now=now - timedelta(days=400))
    for name, tenths in TAGS[slug].items():
        carriers = [client.pk for client in listed if random.random() < tenths / 10]
        tag, wearing = clients.get_or_create_tag(name), Client.objects.filter(pk__in=carriers)
        clients.tag_clients(clients=wearing, tag=tag, staff=desk, now=now - timedelta(days=30))
    for client in listed:
        client.source, client.custom = random.choice(WAYS), _answers(fields, random)
    Client.objects.bulk_update(listed, ["source", "custom"])
    _write_notes(slug, listed, desk, random, now=now)
    _note_last_visits(listed)


def _answers(fields: list[CustomField], random: Random) -> dict[str, Any]:
    """Answer two of three questions."""
    asked = [field for field in fields if random.random() < 0.67]
    return {str(field.pk): _answer(field, random) for field in asked}


def _answer(field: CustomField, random: Random) -> str | bool:
    if field.kind == CustomField.Kind.YES_NO:
        return random.random() < 0.8
    return random.choice(field.choices or TEXTS[field.name])


def _write_notes(slug: str, listed: list[Client], desk: Staff, random: Random, *, now: datetime) -> None:
    author: dict[str, Any] = {"author_id": desk.person_id, "author_name": desk.name}
    Note.objects.bulk_create(
        Note(
            client=client,
            body=random.choice(NOTES[slug]),
            created_at=now - timedelta(days=random.uniform(2, 35)),
            **author,
        )
        for client in random.sample(listed, 14)
    )


def _note_last_visits(listed: list[Client]) -> None:
    """Write on the cards when each client was last signed in, as signing in does."""
    last = dict(ClientSession.objects.order_by().values_list("client").annotate(Max("created_at")))
    for client in listed:
        client.signed_in_at = last.get(client.pk)
    Client.objects.bulk_update(listed, ["signed_in_at"])
