"""The two schemas of the API: that of the business API on the platform's host, and that of a portal's client API."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

from api.schema.components import build_components

VERSION = "1.0.0"


@dataclass(frozen=True)
class ApiSchema:
    """One schema: its name, which is also that of its file, and what it describes."""

    name: str
    title: str
    description: str
    urlconf: str


BUSINESS_SCHEMA = ApiSchema(
    "business",
    "Portico business API",
    "Everything that staff can do in the console, for programs with a key of the business.",
    settings.ROOT_URLCONF,
)
PORTAL_SCHEMA = ApiSchema(
    "portal",
    "Portico client API",
    "Everything that clients can do on a portal, at the portal’s own address.",
    settings.PORTAL_URLCONF,
)
SCHEMAS = (BUSINESS_SCHEMA, PORTAL_SCHEMA)


@cache
def build_document(schema: ApiSchema) -> dict[str, Any]:
    """Return the OpenAPI document of a schema."""
    with translation.override("en"):
        document: dict[str, Any] = SchemaGenerator(urlconf=schema.urlconf).get_schema(public=True)
    document["info"] = {"title": schema.title, "version": VERSION, "description": schema.description}
    components = document.setdefault("components", {})
    for kind, parts in build_components(schema.name).items():
        components[kind] = dict(sorted({**components.get(kind, {}), **parts}.items()))
    return document


@cache
def render_yaml(schema: ApiSchema) -> bytes:
    """Return the document as YAML."""
    return OpenApiYamlRenderer().render(build_document(schema), renderer_context={})


@cache
def render_json(schema: ApiSchema) -> bytes:
    """Return the document as JSON."""
    return OpenApiJsonRenderer().render(build_document(schema), renderer_context={})


@cache
def digest_document(schema: ApiSchema) -> str:
    """Return a digest of the document."""
    return hashlib.sha256(render_yaml(schema)).hexdigest()[:32]
