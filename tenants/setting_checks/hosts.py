"""Checks of host names and URLs: the platform's, those of servers it uses, and proxies in front."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from tenants.reserved_slugs import RESERVED_SLUGS
from tenants.setting_checks.problems import Problem, is_local_host

HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
SCHEMES = {
    "REDIS_URL": ["redis", "rediss", "unix"],
    "BROKER_URL": ["redis", "rediss", "unix", "amqp", "amqps"],
    "SMTP_URL": ["smtps", "smtp", "smtp+plain"],
}


def check_hosts() -> Iterator[Problem]:
    """Yield a problem for each host or URL that no installation could use."""
    for name in ("PLATFORM_HOST", "PORTAL_DOMAIN"):
        host = getattr(settings, name)
        if "*" in host:
            yield name, "is a wildcard, and would serve any host. Name one."
        elif not HOST_NAME.fullmatch(host):
            yield name, "must be a bare host name, without scheme, port, path and leading dot."
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme not in ("http", "https") or public.hostname != settings.PLATFORM_HOST or public.path:
        yield "PUBLIC_URL", "must be https://, then PLATFORM_HOST, then a port if there is one, and nothing else."
    for name, schemes in SCHEMES.items():
        if (url := getattr(settings, name)) and urlsplit(url).scheme not in schemes:
            yield name, f"must begin with {', '.join(f'{scheme}://' for scheme in schemes)}."
    label, dot, parent = settings.PLATFORM_HOST.partition(".")
    if dot and parent == settings.PORTAL_DOMAIN and label not in RESERVED_SLUGS:
        yield "PLATFORM_HOST", f"could be a portal's address. Use one that no business can take, as app.{parent}."


def check_demo_hosts() -> Iterator[Problem]:
    """Yield a problem for each host of a demo that strangers could reach."""
    for name in ("PLATFORM_HOST", "PORTAL_DOMAIN"):
        if not is_local_host(getattr(settings, name)):
            yield (
                "DEMO",
                f"shows every code to whoever asks, so {name} must be localhost or end in .localhost or .test.",
            )


def check_production_hosts() -> Iterator[Problem]:
    """Yield a problem for each host that only this machine knows, and for TLS that isn't there."""
    for name in ("PLATFORM_HOST", "PORTAL_DOMAIN"):
        if is_local_host(getattr(settings, name)):
            yield name, "is an address only this machine knows. Set the name that people reach, or DEMO=true."
    if not settings.HTTPS:
        yield "PUBLIC_URL", "must begin with https://. Codes and cookies don't travel in the clear."
    elif not settings.TRUSTED_PROXY_COUNT:
        yield (
            "TRUSTED_PROXY_COUNT",
            "must be 1 or more: a proxy in front speaks TLS for PUBLIC_URL, and without it every form is rejected "
            "and all visitors share one limit.",
        )
