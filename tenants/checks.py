"""Checks that the settings are safe for production and don't contradict one another.

Django's commands run these as system checks. The web server and the workers don't, so they call
`exit_on_unsafe_settings()` first. Limits and durations are checked in the demo too.
"""

import sys
from collections.abc import Iterator

from django.conf import settings
from django.core.checks import Error, Tags, register

from tenants.setting_checks import hosts, providers, ranges, secret_values, text_formats
from tenants.setting_checks.problems import Problem


def exit_on_unsafe_settings() -> None:
    """Exit the process with a sentence for each problem, unless the settings are safe."""
    problems = [f"{name}: {sentence}" for name, sentence in _find_settings_problems()]
    if problems:
        sys.exit("Portico does not start with these settings.\n" + "\n".join(problems))


@register(Tags.security)
def check_settings(app_configs: object, **kwargs: object) -> list[Error]:
    """Return a Django check error for each setting that is unsafe or contradicts another."""
    return [Error(f"{name}: {sentence}", id=f"portico.{name}") for name, sentence in _find_settings_problems()]


def _find_settings_problems() -> Iterator[Problem]:
    if settings.DEBUG:
        yield "DEBUG", "is on. Django's debug pages show code, settings and data to anybody; turn it off."
    yield from hosts.check_demo_hosts() if settings.DEMO else _check_production_settings()
    yield from hosts.check_hosts()
    yield from providers.check_providers()
    yield from text_formats.check_text_formats()
    yield from ranges.check_ranges()
    yield from ranges.check_contradictions()
    yield from secret_values.check_secrets_used_twice()
    yield from secret_values.check_digest_keys()


def _check_production_settings() -> Iterator[Problem]:
    yield from secret_values.check_secrets()
    yield from hosts.check_production_hosts()
    yield from providers.check_production_providers()
    if not settings.STAFF_MFA_REQUIRED:
        yield "STAFF_MFA_REQUIRED", "is off. Whoever reads one mailbox could open a business's client list; turn it on."
