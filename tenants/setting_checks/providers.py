"""Checks of the providers that send mails and texts: known, complete, real, and reached over TLS."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from tenants.models import Channel
from tenants.senders import Sender, are_senders_apart, get_text_sender
from tenants.setting_checks.problems import Problem, is_local_host

EMAIL_PROVIDERS = {"sendgrid": ["SENDGRID_API_KEY", "SENDGRID_WEBHOOK_PUBLIC_KEY"], "smtp": ["SMTP_URL"], "demo": []}
SMS_PROVIDERS = {"twilio": ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"], "demo": []}


def check_providers() -> Iterator[Problem]:
    """Yield a problem for each provider that is unknown, named twice or incomplete."""
    yield from _check_provider_list("EMAIL_PROVIDERS", EMAIL_PROVIDERS)
    yield from _check_provider_list("SMS_PROVIDERS", SMS_PROVIDERS)
    if "twilio" in settings.SMS_PROVIDERS and not get_text_sender(Sender.NOTICES):
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
    for name in ("MAIL_FROM", "MAIL_FROM_CODES"):
        if getattr(settings, name).rpartition("@")[2] in ("", "localhost"):
            yield name, "must be an address at a domain of yours."
    yield from _check_mail_senders()
    yield from _check_text_senders()


def _check_mail_senders() -> Iterator[Problem]:
    """Yield a problem unless codes and notices are mailed from addresses of their own."""
    if not are_senders_apart(Channel.EMAIL):
        yield (
            "MAIL_FROM_CODES",
            "must be an address of its own beside MAIL_FROM: who blocks the sender of notices would get no code.",
        )


def _check_text_senders() -> Iterator[Problem]:
    """Yield a problem unless codes and notices are texted from senders of their own."""
    is_used, are_apart = "twilio" in settings.SMS_PROVIDERS, are_senders_apart(Channel.SMS)
    shared = [
        name
        for name in ("TWILIO_FROM", "TWILIO_MESSAGING_SERVICE_SID")
        if getattr(settings, name) and getattr(settings, name) == getattr(settings, f"{name}_CODES")
    ]
    if is_used and get_text_sender(Sender.NOTICES) and (shared or not are_apart):
        yield (
            "TWILIO_FROM_CODES",
            "must be a number of its own, or TWILIO_MESSAGING_SERVICE_SID_CODES a service, beside the one of notices: "
            "who replies STOP to a notice gets nothing more from its sender, and would get no code.",
        )


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
