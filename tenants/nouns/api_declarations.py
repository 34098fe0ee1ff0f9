"""What nouns declare of themselves for programs that use the API."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class ApiScope:
    """What an API key can be allowed: a name, as `area:action`, and the permissions that it stands for.

    `label` says in the console what a key with it may do.
    """

    name: str
    label: str | Promise
    permissions: tuple[str, ...]
