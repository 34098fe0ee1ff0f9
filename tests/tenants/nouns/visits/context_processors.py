"""The context processor for what visits add to every template."""

from django.http import HttpRequest


def visiting_room(request: HttpRequest) -> dict[str, str]:
    """Return the room that is open to visitors."""
    return {"visiting_room": "Green"}
