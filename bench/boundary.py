"""What does the boundary between businesses cost a request?

A view with one query, asked for at four businesses in turn, behind the same granian settings:
through our middleware alone, in plain Django with no middleware at all and one schema, and
through django-tenants' own middleware. All three read the same tables of the same database.
"""

from contextlib import ExitStack

from bench import businesses, ground
from bench.flood import requests_per_second
from bench.report import Finding, at_least
from bench.turns import medians

SECONDS = 4.0
ROUNDS = 5
HOSTS = [f"{slug}.localhost" for slug in businesses.SLUGS]


def measure() -> list[Finding]:
    """Flood the three in turn."""
    ground.python(_settings("bench.rival.settings"), "bench.rival.tables")
    with ExitStack() as stack:
        ports = [stack.enter_context(_serving(name))[1] for name in ("ours", "plain", "rival")]
        for port in ports:
            _flood(port, seconds=1)
        ours, plain, rival = medians(ROUNDS, *(lambda port=port: _flood(port) for port in ports))
    return [
        Finding("one query, plain Django", f"{ours:.0f} /s", f"{plain:.0f} /s", ours / plain, target=at_least(0.8)),
        Finding("one query, django-tenants", f"{ours:.0f} /s", f"{rival:.0f} /s", ours / rival, target=at_least(2)),
    ]


def _serving(name: str):
    return ground.serving("bench.boundary_site.wsgi:application", _settings(f"bench.boundary_site.{name}"))


def _settings(module: str) -> dict[str, str]:
    schema = businesses.by_slug(businesses.SLUGS[0]).schema_name
    return ground.environment(DJANGO_SETTINGS_MODULE=module, PLAIN_SCHEMA=schema)


def _flood(port: int, seconds: float = SECONDS) -> float:
    return requests_per_second(port, "/colour/", HOSTS, seconds)
