"""The context processor for what nouns add to every template."""

from typing import Any

from django.http import HttpRequest

from tenants.nouns import page_registry, registry


def noun_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the context processors of all nouns return."""
    context: dict[str, Any] = {}
    for path in page_registry.list_context_processor_paths():
        context |= registry.import_dotted_path(path)(request)
    return context
