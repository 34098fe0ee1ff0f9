"""Redirects from one page of the portal to the next."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode


def redirect_with_query(view: str, query: Mapping[str, Any]) -> HttpResponseRedirect:
    """Redirect to the view of that name, with `query` as the query string."""
    encoded = urlencode(query, doseq=True)
    return HttpResponseRedirect(reverse(view) + (f"?{encoded}" if encoded else ""))
