"""Serves the script that shows a portal's forms on other websites."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from tenants import tokens

SCRIPT = Path(__file__).with_name("embed.js").read_text()
SCRIPT_TAG = f'"{tokens.digest_token(SCRIPT).hex()[:32]}"'
CACHE_SECONDS = 7 * 24 * 3600


@require_safe
@condition(etag_func=lambda request: SCRIPT_TAG)
def serve_embed_script(request: HttpRequest) -> HttpResponse:
    """Return the script. Its URL names the version of its interface, so that browsers may keep it for a week."""
    response = HttpResponse(SCRIPT, content_type="text/javascript; charset=utf-8")
    patch_cache_control(response, public=True, max_age=CACHE_SECONDS)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
