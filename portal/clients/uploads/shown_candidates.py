"""What pages show of the clients of whom one may be meant by a row, so that those of one name can be told apart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from portal.clients.identifiers import build_identifier
from portal.clients.models import Client, Contact
from portal.clients.services.name_comparison import normalise_name
from portal.clients.uploads.row_candidates import RowCandidate
from portal.ui.formatting import exact_datetime, friendly_datetime

# A button with all tags and addresses of a client would be hard to read.
MAX_TEXTS = 3
Namesakes = dict[str, list[Client]]


@dataclass(frozen=True)
class ShownCandidate:
    """A client who may be meant; `differences` tell them apart from those of the same name who may be meant, too."""

    client: Client
    masked: str = ""
    differences: Sequence[str] = ()

    @property
    def details(self) -> list[str]:
        """Return the address that the client has in common with the row, and the differences, each once."""
        return list(dict.fromkeys(text for text in (self.masked, *self.differences) if text))


def describe_candidates(candidates: Mapping[int, Sequence[RowCandidate]]) -> dict[int, list[ShownCandidate]]:
    """Return the candidates of each row, by its number, with their differences, in two statements at most."""
    namesakes = {number: _group_namesakes(found) for number, found in candidates.items()}
    _load_details([client for groups in namesakes.values() for group in groups.values() for client in group])
    return {number: _describe_row(found, namesakes[number]) for number, found in candidates.items()}


def _group_namesakes(candidates: Sequence[RowCandidate]) -> Namesakes:
    """Return the clients whose name another candidate has as well, by that name."""
    groups: Namesakes = {}
    for candidate in candidates:
        groups.setdefault(normalise_name(candidate.client.name), []).append(candidate.client)
    return {name: group for name, group in groups.items() if len(group) > 1}


def _load_details(clients: Sequence[Client]) -> None:
    confirmed = Contact.objects.confirmed().order_by("kind", "value")
    prefetch_related_objects(clients, "tags", Prefetch("contacts", confirmed))


def _describe_row(candidates: Sequence[RowCandidate], namesakes: Namesakes) -> list[ShownCandidate]:
    differences = {
        client.pk: texts
        for group in namesakes.values()
        for client, texts in zip(group, _find_differences(group), strict=True)
    }
    return [ShownCandidate(one.client, one.masked, differences.get(one.client.pk, ())) for one in candidates]


def _find_differences(clients: Sequence[Client]) -> list[list[str]]:
    """Return the texts that tell each of these clients apart, no more than it takes, and the place if nothing does."""
    differences: list[list[str]] = [[] for _client in clients]
    for list_texts, none in _list_criteria():
        texts = [list_texts(client) for client in clients]
        shared = set(texts[0]).intersection(*texts[1:])
        if all(shared.issuperset(some) for some in texts):
            continue
        for difference, some in zip(differences, texts, strict=True):
            difference += [text for text in some if text not in shared][:MAX_TEXTS] or [none]
        if len({tuple(difference) for difference in differences}) == len(clients):
            return differences
    for number, difference in enumerate(differences, start=1):
        difference.append(_("%(number)s of %(total)s") % {"number": number, "total": len(clients)})
    return differences


def _list_criteria() -> list[tuple[Callable[[Client], list[str]], str]]:
    """Return by what clients are told apart, the best first, each with what is said of a client who has nothing."""
    return [
        (_list_addresses, _("no other address")),
        (_list_tags, _("no other tag")),
        (_list_sign_in, _("never signed in")),
        (_list_start, ""),
    ]


def _list_addresses(client: Client) -> list[str]:
    return list(dict.fromkeys(build_identifier(contact.value).masked for contact in client.contacts.all()))


def _list_tags(client: Client) -> list[str]:
    return [tag.name for tag in client.tags.all()]


def _list_sign_in(client: Client) -> list[str]:
    return (
        [_("last signed in %(when)s") % {"when": friendly_datetime(client.signed_in_at)}] if client.signed_in_at else []
    )


def _list_start(client: Client) -> list[str]:
    return [_("client since %(when)s") % {"when": exact_datetime(client.created_at)}]
