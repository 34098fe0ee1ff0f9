"""Checks that the personal-data policies fit the tables that they are about."""

from collections.abc import Iterator

from django.apps import apps

from tenants.nouns import registry
from tenants.nouns.app_config import NounConfig
from tenants.nouns.personal_data_policies import PersonalDataPolicy


def find_mismatched_policies() -> Iterator[str]:
    """Yield a sentence for each policy that doesn't fit its table, or stands twice."""
    keys: set[str] = set()
    for noun in registry.list_noun_configs():
        policies, problems = _load_policies(noun)
        yield from problems
        for policy in policies:
            yield from _find_missing_columns(noun, policy)
            for key in (policy.key, policy.model.lower()):
                if key in keys:
                    yield f"{noun.name} declares a second personal-data policy for {key}."
                keys.add(key)


def _load_policies(noun: NounConfig) -> tuple[list[PersonalDataPolicy], list[str]]:
    """Return a noun's policies for tables that exist, and a sentence for each of the others."""
    if not noun.personal_data:
        return [], []
    try:
        declared = registry.import_dotted_path(noun.personal_data)
    except Exception as error:
        return [], [f"{noun.name} names {noun.personal_data}, which can't be imported: {error}"]
    if not isinstance(declared, tuple) or not all(isinstance(policy, PersonalDataPolicy) for policy in declared):
        return [], [f"{noun.name}: {noun.personal_data} must be a tuple of PersonalDataPolicy."]
    known = {model._meta.label_lower for model in apps.get_models()}
    unknown = [policy.model for policy in declared if policy.model.lower() not in known]
    problems = [f"{noun.name} has a personal-data policy for {model}, which is no model." for model in unknown]
    return [policy for policy in declared if policy.model not in unknown], problems


def _find_missing_columns(noun: NounConfig, policy: PersonalDataPolicy) -> Iterator[str]:
    """Yield a sentence for each column that the policy names and the table lacks: its data would be exported."""
    columns = {name for field in policy.model_class._meta.get_fields() for name in (field.name, _get_attname(field))}
    needed = [*policy.excluded_columns]
    if policy.is_exported:
        needed += ["client_id", policy.ordering.partition("__")[0]]
    for column in needed:
        if column not in columns:
            yield f"{noun.name}: {policy.model} has no column {column}, which its personal-data policy names."


def _get_attname(field: object) -> str:
    return getattr(field, "attname", "")
