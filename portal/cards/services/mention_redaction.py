"""Removing an erased person's addresses from what other people wrote: notes, messages, fields and the timeline.

The rest of such a text stays as it is, because it belongs to somebody else.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from portal.activity import services as activity
from portal.ui.person_mentions import REDACTED, MentionMatcher
from tenants.nouns import registry
from tenants.nouns.personal_data_policies import PersonalDataPolicy, PersonIdentity


def redact_mentions(person: PersonIdentity) -> int:
    """Remove a person's addresses from all texts that may mention them, as policies declare; return from how many rows.

    Where the text has their name beside an address, the name goes as well.
    """
    matcher = MentionMatcher(person)
    if not matcher.sql_pattern:
        return 0
    policies = [policy for policy in registry.list_personal_data_policies() if policy.free_texts]
    with activity.allow_mutation():
        return sum(_redact_table(policy, matcher) for policy in policies)


def _redact_table(policy: PersonalDataPolicy, matcher: MentionMatcher) -> int:
    rows: QuerySet[Any] = policy.model_class._default_manager.all()
    changes = list(_list_changes(rows, policy.free_texts, matcher))
    for key, values in changes:
        rows.filter(pk=key).update(**values)
    return len(changes)


def _list_changes(
    rows: QuerySet[Any], columns: tuple[str, ...], matcher: MentionMatcher
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the key and the new values of each row that is changed."""
    texts = {f"{column}_as_text": Cast(column, TextField()) for column in columns}
    has_mention = Q()
    for name in texts:
        has_mention |= Q(**{f"{name}__iregex": matcher.sql_pattern})
    for row in rows.alias(**texts).filter(has_mention).values("pk", *columns):
        before = [row[column] for column in columns]
        after = matcher.redact_json(before)
        changed = {column: _clean(new) for column, old, new in zip(columns, before, after, strict=True) if new != old}
        if changed:
            yield row["pk"], changed


def _clean(value: Any) -> Any:
    """Return a redacted value, a list without the items of which nothing is left."""
    return [item for item in value if item != REDACTED] if isinstance(value, list) else value
