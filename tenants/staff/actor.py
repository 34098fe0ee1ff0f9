"""Who is doing this, and from where? Said in a form that services may keep."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff at work. `ip` is None where it isn't known, as in a command."""

    person_id: UUID
    name: str
    ip: str | None = None
