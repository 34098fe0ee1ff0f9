"""The member of staff on whose behalf a service acts, as a value that services can store."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StaffActor:
    """A member of staff who acts. `ip` is None where it is unknown, as in a management command."""

    person_id: UUID
    name: str
    ip: str | None = None
