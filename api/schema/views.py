"""The schema of the API, and its pages for people: two readers of the schema, and the table of errors."""

import re

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.decorators.http import condition, require_safe

from api.protocol.error_codes import ErrorCode
from api.schema.documents import ApiSchema, digest_document, render_json, render_yaml

YAML, JSON = "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"
ACCEPTED = [YAML, "application/yaml", JSON, "application/json"]
BACKTICKS = re.compile(r"`([^`]+)`")
# Redoc writes its styles into the page and searches in a worker; scripts still come from our own files only.
REDOC_POLICY = {"style-src": ["'unsafe-inline'"], "worker-src": ["blob:"]}


def _get_etag(_request: HttpRequest, *, schema: ApiSchema) -> str:
    return f'W/"{digest_document(schema)}"'


@require_safe
@condition(etag_func=_get_etag)
def show_schema(request: HttpRequest, *, schema: ApiSchema) -> HttpResponse:
    """Return the schema as YAML; as JSON with `?format=json`, or when the request accepts JSON and not YAML."""
    wanted = request.GET.get("format") or request.get_preferred_type(ACCEPTED) or YAML
    is_json = wanted.endswith("json")
    body, media_type = (render_json(schema), JSON) if is_json else (render_yaml(schema), YAML)
    response = HttpResponse(body, content_type=media_type, headers={"Vary": "Accept"})
    patch_cache_control(response, public=True, max_age=300)
    return response


@require_safe
def show_swagger_ui(request: HttpRequest, *, schema: ApiSchema) -> HttpResponse:
    """Show the schema in Swagger UI, where requests can be tried."""
    return render(request, "api/swagger_ui.html", {"schema": schema})


@require_safe
def show_redoc(request: HttpRequest, *, schema: ApiSchema) -> HttpResponseBase:
    """Show the schema in Redoc, for reading."""
    page = render(request, "api/redoc.html", {"schema": schema})
    return csp_update(REDOC_POLICY)(lambda _request: page)(request)


@require_safe
def show_errors(request: HttpRequest, *, schema: ApiSchema) -> HttpResponse:
    """Show the table of all errors; the `type` of a problem document leads to its row."""
    codes = [(code, _mark_code(code.remedy)) for code in ErrorCode]
    return render(request, "api/errors.html", {"schema": schema, "codes": codes})


def _mark_code(text: str) -> SafeString:
    """Return a text as HTML, with what stands between backticks as code."""
    return SafeString(BACKTICKS.sub(r"<code>\1</code>", escape(text)))
