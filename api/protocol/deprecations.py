"""Says in the headers of an operation that it will be removed, as of RFC 9745 and RFC 8594."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import http_date


@dataclass(frozen=True)
class Deprecation:
    """Since when an operation is deprecated, and from when it may be gone."""

    since: datetime
    sunset_at: datetime


def set_deprecation_headers(response: HttpResponse, deprecation: Deprecation) -> None:
    """Set the headers that say so; the link leads to the documentation."""
    response["Deprecation"] = f"@{int(deprecation.since.timestamp())}"
    response["Sunset"] = http_date(deprecation.sunset_at.timestamp())
    response["Link"] = f'<{settings.PUBLIC_URL}/api/v1/docs/>; rel="deprecation"; type="text/html"'
