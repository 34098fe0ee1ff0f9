"""Checks of the providers that send mails and texts: known, complete, real, and reached over TLS."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from tenants.setting_checks.problems import Problem, is_local_host

EMAIL_PROVIDERS = {"sendgrid": ["SENDGRID_API_KEY", "SENDGRID_WEBHOOK_PUBLIC_KEY"], "smtp": ["SMTP_URL"], "demo": []}
SMS_PROVIDERS = {"twilio": ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"], "demo": []}


def check_providers() -> Iterator[Problem]:
    """Yield a problem for each provider that is unknown, named twice or incomplete."""
    yield from _check_provider_list("EMAIL_PROVIDERS", EMAIL_PROVIDERS)
    yield from _check_provider_list("SMS_PROVIDERS", SMS_PROVIDERS)
    has_sender = settings.TWILIO_FROM or settings.TWILIO_MESSAGING_SERVICE_SID
    if "twilio" in settings.SMS_PROVIDERS and not has_sender:
        yield "TWILIO_FROM", "is missing. Set it or TWILIO_MESSAGING_SERVICE_SID."


def check_production_providers() -> Iterator[Problem]:
    """Yield a problem for each provider that sends nothing, or sends in the clear."""
    for name in ("SENDGRID_BASE_URL", "TWILIO_BASE_URL"):
        url = urlsplit(getattr(settings, name))
        if url.scheme != "https" and not is_local_host(url.hostname or ""):
            yield name, "must begin with https://. It carries keys and codes."
    for name in ("EMAIL_PROVIDERS", "SMS_PROVIDERS"):
        if "demo" in getattr(settings, name):
            yield name, "names demo, which shows messages instead of sending them. Name a real provider."
    if settings.MAIL_FROM.rpartition("@")[2] in ("", "localhost"):
        yield "MAIL_FROM", "must be an address at a domain of yours."


def _check_provider_list(setting: str, known: dict[str, list[str]]) -> Iterator[Problem]:
    provider_names = getattr(settings, setting)
    if not provider_names:
        yield setting, f"names nobody to send with. Choose from {', '.join(known)}."
    if len(set(provider_names)) < len(provider_names):
        yield setting, "names a provider twice."
    for provider in provider_names:
        if provider not in known:
            yield setting, f"names {provider!r}, which is not one of {', '.join(known)}."
        for needed in known.get(provider, []):
            if not getattr(settings, needed) and not (settings.DEMO and needed.endswith("PUBLIC_KEY")):
                yield needed, f"is missing, and {setting} names {provider}."
