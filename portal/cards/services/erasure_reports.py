"""What staff are told of an erasure: what it removes, what it leaves and why, and what it removed."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client
from tenants.nouns import registry

# The keys of an erasure's timeline entry beside those of the policies: texts of others from which mentions were
# removed, and rows of lists that stay because they have the person's name but none of their addresses.
MENTIONS, NAMESAKES = "mentions", "namesakes"


@dataclass(frozen=True)
class ErasedTable:
    """How many rows of one table were erased."""

    label: str | Promise
    count: int


@dataclass(frozen=True)
class ErasureReport:
    """The result of one erasure, as the timeline has it; `namesakes` is the number of rows that staff should check."""

    tables: list[ErasedTable]
    namesakes: int


def build_erasure_report(client: Client) -> ErasureReport | None:
    """Return what was erased of an anonymous card, or None if the timeline doesn't say so."""
    entry = Entry.objects.filter(client=client, event_type=ClientEvent.ERASED).order_by("-at").first()
    counts = entry.data.get("erased") if entry else None
    if counts is None:
        return None
    tables = [ErasedTable(label, counts[key]) for key, label in _list_table_labels().items() if key in counts]
    return ErasureReport(tables, counts.get(NAMESAKES, 0))


def list_kept_data() -> list[str | Promise]:
    """Return a sentence for everything that an erasure leaves, with the reason."""
    return [policy.kept for policy in reversed(registry.list_personal_data_policies()) if policy.kept]


def _list_table_labels() -> dict[str, str | Promise]:
    """Return the label of each table by its policy's key, cards first."""
    policies = reversed(registry.list_personal_data_policies())
    labels = {policy.key: policy.erasure_label or policy.label for policy in policies}
    return {**labels, MENTIONS: _("Addresses in other people’s notes, messages and fields")}
