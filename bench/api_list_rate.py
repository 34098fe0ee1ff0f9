"""Requests a second for a list of 100 clients through the business API, compared with plain Django REST Framework.

The first 100 of 1,000 clients with their addresses and tags, by the same query of the same tables, behind the same web
server settings. Ours checks the key, its scopes and the limits of key and business, selects the business, sends
the headers of the limits and an entity tag, and writes the access log. The other is a generic view with a model
serializer and cursor pagination in one schema, without authentication and limits.
"""

from contextlib import ExitStack

from django.conf import settings

from bench import large_businesses, measured_programs, sample_businesses
from bench.benchmark_report import Measurement, at_least
from bench.load_generator import requests_per_second
from bench.timing_statistics import measure_medians

SLUG = "api-list"
CLIENTS = 1_000
SECONDS = 4.0
ROUNDS = 5
LIMITS = dict.fromkeys(
    ["API_REQUESTS_PER_KEY", "API_REQUESTS_PER_BUSINESS", "API_REQUESTS_PER_NETWORK"], "60000/minute"
)


def run_benchmark() -> list[Measurement]:
    """Measure the request rate of both sites in turn."""
    business = large_businesses.create_business_with_clients(SLUG, CLIENTS)
    key = sample_businesses.create_api_key(SLUG, "clients:read")
    plain = {"DJANGO_SETTINGS_MODULE": "bench.plain_drf_site.settings", "PLAIN_SCHEMA": business.schema_name}
    with ExitStack() as stack:
        our_port, plain_port = (
            stack.enter_context(
                measured_programs.run_server(application, measured_programs.build_environment_variables(**variables))
            )[1]
            for application, variables in (
                ("config.wsgi:application", LIMITS),
                ("bench.plain_drf_site.wsgi:application", plain),
            )
        )

        def measure_ours(seconds: float = SECONDS) -> float:
            path, headers = "/api/v1/business/clients/?limit=100", f"Authorization: Bearer {key}\r\n"
            return requests_per_second(our_port, path, [settings.PLATFORM_HOST], seconds, headers=headers)

        def measure_plain(seconds: float = SECONDS) -> float:
            return requests_per_second(plain_port, "/clients/", ["localhost"], seconds)

        measure_ours(1), measure_plain(1)
        ours, theirs = measure_medians(ROUNDS, measure_ours, measure_plain)
    return [
        Measurement("a list of 100 clients", f"{ours:.0f} /s", f"{theirs:.0f} /s", ours / theirs, target=at_least(0.85))
    ]
