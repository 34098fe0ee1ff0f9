"""URLs of a schema and of its pages, on the host that the schema describes."""

from django.urls import URLPattern, path

from api.schema import views
from api.schema.documents import ApiSchema


def build_schema_urls(schema: ApiSchema) -> list[URLPattern]:
    """Return the URLs of a schema and its pages."""
    given = {"schema": schema}
    return [
        path("schema/", views.show_schema, given, name="schema"),
        path("docs/", views.show_swagger_ui, given, name="docs"),
        path("docs/redoc/", views.show_redoc, given, name="redoc"),
        path("docs/errors/", views.show_errors, given, name="errors"),
    ]
