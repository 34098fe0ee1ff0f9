"""What nouns declare of themselves for programs that use the API."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise


@dataclass(frozen=True)
class ApiScope:
    """What an API key can be allowed: a name, as `area:action`, and the permissions that it stands for.

    `label` says in the console what a key with it may do.
    """

    name: str
    label: str | Promise
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class WebhookEventType:
    """A type of event that a business's other programs are told of: a name, as `object.event`.

    It is sent for the timeline events in `timeline_types`, each of which stands for one type of webhook at most.
    `label` says in the console what happened. `build_data` is the path of a function (timeline entries) that returns
    what is sent of each by the entry's key: what the API shows of the object, besides the ids.
    """

    name: str
    label: str | Promise
    timeline_types: tuple[TextChoices, ...]
    build_data: str
