"""Requests a second through the business boundary, compared with plain Django and django-tenants.

A view with one query is requested at four businesses in turn, behind the same web server settings:
through our middleware alone, in plain Django with no middleware at all and one schema, and
through django-tenants' own middleware. All three read the same tables of the same database.
"""

from contextlib import ExitStack

from bench import measured_programs, sample_businesses
from bench.benchmark_report import Measurement, at_least
from bench.load_generator import requests_per_second
from bench.timing_statistics import measure_medians

SECONDS = 4.0
ROUNDS = 5
HOSTS = [f"{slug}.localhost" for slug in sample_businesses.SLUGS]


def run_benchmark() -> list[Measurement]:
    """Measure the request rate of the three sites in turn."""
    measured_programs.run_module(
        _build_environment("bench.django_tenants_site.settings"), "bench.django_tenants_site.create_tenant_tables"
    )
    with ExitStack() as stack:
        ports = [
            stack.enter_context(_run_one_query_site(name))[1] for name in ("portico", "plain_django", "django_tenants")
        ]
        for port in ports:
            _measure_request_rate(port, seconds=1)
        ours, plain, django_tenants = measure_medians(
            ROUNDS, *(lambda port=port: _measure_request_rate(port) for port in ports)
        )
    return [
        Measurement("one query, plain Django", f"{ours:.0f} /s", f"{plain:.0f} /s", ours / plain, target=at_least(0.8)),
        Measurement(
            "one query, django-tenants",
            f"{ours:.0f} /s",
            f"{django_tenants:.0f} /s",
            ours / django_tenants,
            target=at_least(2),
        ),
    ]


def _run_one_query_site(name: str):
    return measured_programs.run_server(
        "bench.one_query_site.wsgi:application", _build_environment(f"bench.one_query_site.{name}_settings")
    )


def _build_environment(module: str) -> dict[str, str]:
    schema = sample_businesses.get_business(sample_businesses.SLUGS[0]).schema_name
    return measured_programs.build_environment_variables(DJANGO_SETTINGS_MODULE=module, PLAIN_SCHEMA=schema)


def _measure_request_rate(port: int, seconds: float = SECONDS) -> float:
    return requests_per_second(port, "/colour/", HOSTS, seconds)
