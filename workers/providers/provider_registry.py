"""The configured providers of each channel, in the order they are tried."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import cache
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tenants import metrics
from tenants.models import Channel
from workers.providers.base import OutgoingMessage, Provider, SendError, SendResult, SendStatus
from workers.queue.circuit_breaker import CircuitBreaker

log = logging.getLogger(__name__)

# Imported when first used: the SDKs take megabytes, and a worker needs only those of its providers.
PROVIDER_CLASSES = {
    "sendgrid": "workers.providers.sendgrid.SendGridProvider",
    "twilio": "workers.providers.twilio.TwilioProvider",
    "smtp": "workers.providers.smtp.SmtpProvider",
    "demo": "workers.providers.demo_provider.DemoProvider",
}
# Calls run in threads so that one can be abandoned, whatever it hangs in: DNS, a handshake, a slow response.
call_pool = ThreadPoolExecutor(max_workers=64, thread_name_prefix="provider")


class ProviderWithBreaker:
    """A provider with its circuit breaker. One instance per provider and process."""

    def __init__(self, provider: Provider):
        self.name = provider.name
        self.breaker = CircuitBreaker(
            provider.name, failure_threshold=settings.BREAKER_FAILURE_THRESHOLD, cooldown=settings.BREAKER_COOLDOWN
        )
        self._provider = provider

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Call the provider once and return the result, at most a little after both time-outs. Raises nothing."""
        started_at = time.monotonic()
        result = self._call_provider(outgoing)
        metrics.PROVIDER_CALL_DURATION.labels(self.name).observe(time.monotonic() - started_at)
        metrics.PROVIDER_CALLS.labels(self.name, result.reason or result.status).inc()
        if result.status in (SendStatus.RETRYABLE, SendStatus.UNKNOWN):
            self.breaker.record_failure()
        elif result.status != SendStatus.INVALID:
            self.breaker.record_success()
        return result

    def remove_suppression(self, address: str, *, reason: str) -> None:
        """Remove an address from the suppression lists of the provider, if it has any. Raises SendError."""
        remove = getattr(self._provider, "remove_suppression", None)
        if remove:
            remove(address, reason=reason)

    def _call_provider(self, outgoing: OutgoingMessage) -> SendResult:
        time_limit = settings.PROVIDER_CONNECT_TIMEOUT + settings.PROVIDER_READ_TIMEOUT
        call = call_pool.submit(self._provider.send, outgoing)
        try:
            return call.result(time_limit.total_seconds())
        except SendError as error:
            return error.result
        except FutureTimeoutError:
            # Behind other calls that hang it may not have started yet; cancel it, so that it never starts.
            return (
                SendResult(SendStatus.RETRYABLE, "busy") if call.cancel() else SendResult(SendStatus.UNKNOWN, "timeout")
            )
        except Exception as error:
            # The error may quote the address, so only its type is logged.
            log.error("%s raised %s", self.name, type(error).__name__)
            return SendResult(SendStatus.UNKNOWN, "broken")


def list_providers_for_channel(channel: Channel) -> list[ProviderWithBreaker]:
    """Return the providers of a channel in the order they are tried."""
    names = settings.EMAIL_PROVIDERS if channel == Channel.EMAIL else settings.SMS_PROVIDERS
    return [_get_provider_with_breaker(name) for name in names]


def remove_suppression(provider: str, address: str, *, reason: str) -> None:
    """Remove an address from the suppression lists of a provider, if it has any and is still configured.

    Raises SendError.
    """
    if provider in settings.EMAIL_PROVIDERS:
        _get_provider_with_breaker(provider).remove_suppression(address, reason=reason)


@cache
def _get_provider_with_breaker(name: str) -> ProviderWithBreaker:
    if name not in PROVIDER_CLASSES:
        raise ImproperlyConfigured(f"{name!r} is no provider; there are {', '.join(PROVIDER_CLASSES)}.")
    module, _dot, class_name = PROVIDER_CLASSES[name].rpartition(".")
    return ProviderWithBreaker(getattr(import_module(module), class_name)())
