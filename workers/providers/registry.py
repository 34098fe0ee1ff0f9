"""Which providers carry this channel, in which order, and how is each one asked?"""

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
from workers.providers.circuit_breaker import CircuitBreaker

log = logging.getLogger(__name__)

# Imported when first used: the SDKs weigh megabytes, and a worker pays only for those it is configured with.
PROVIDER_CLASSES = {
    "sendgrid": "workers.providers.sendgrid.SendGridProvider",
    "twilio": "workers.providers.twilio.TwilioProvider",
    "smtp": "workers.providers.smtp.SmtpProvider",
    "demo": "workers.providers.demo.DemoProvider",
}
# Calls run here so that one can be given up, whatever it hangs in: a name server, a handshake, a trickle.
_call_pool = ThreadPoolExecutor(max_workers=64, thread_name_prefix="provider")


class ProviderChannel:
    """One provider with its breaker: what is called, and what decides whether to call."""

    def __init__(self, provider: Provider):
        self.name = provider.name
        self.breaker = CircuitBreaker(
            provider.name, failure_threshold=settings.BREAKER_FAILURE_THRESHOLD, cooldown=settings.BREAKER_COOLDOWN
        )
        self._provider = provider

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Ask once and return what came of it, in a little over both time-outs at most. Raises nothing."""
        began = time.monotonic()
        result = self._call(outgoing)
        metrics.PROVIDER_CALL_DURATION.labels(self.name).observe(time.monotonic() - began)
        metrics.PROVIDER_CALLS.labels(self.name, result.reason or result.status).inc()
        if result.status in (SendStatus.RETRYABLE, SendStatus.UNKNOWN):
            self.breaker.record_failure()
        elif result.status != SendStatus.INVALID:
            self.breaker.record_success()
        return result

    def remove_suppression(self, address: str, *, reason: str) -> None:
        """Ask to have a block lifted, where the provider has such a thing. Raises SendError."""
        remove = getattr(self._provider, "remove_suppression", None)
        if remove:
            remove(address, reason=reason)

    def _call(self, outgoing: OutgoingMessage) -> SendResult:
        longest = settings.PROVIDER_CONNECT_TIMEOUT + settings.PROVIDER_READ_TIMEOUT
        call = _call_pool.submit(self._provider.send, outgoing)
        try:
            return call.result(longest.total_seconds())
        except SendError as error:
            return error.result
        except FutureTimeoutError:
            # Behind others that hang it may not have begun; then it mustn't begin when nobody expects it any more.
            return (
                SendResult(SendStatus.RETRYABLE, "busy") if call.cancel() else SendResult(SendStatus.UNKNOWN, "timeout")
            )
        except Exception as error:
            # Its words may quote the address, so only its kind is told.
            log.error("%s raised %s", self.name, type(error).__name__)
            return SendResult(SendStatus.UNKNOWN, "broken")


def provider_channels(channel: Channel) -> list[ProviderChannel]:
    """Return the lines of a channel in the order they are to be tried."""
    names = settings.EMAIL_PROVIDERS if channel == Channel.EMAIL else settings.SMS_PROVIDERS
    return [_provider_channel(name) for name in names]


def remove_suppression(provider: str, address: str, *, reason: str) -> None:
    """Ask a provider to send to an address again. One that keeps no such list, or is no longer ours, has nothing to lift.

    Raises SendError.
    """
    if provider in settings.EMAIL_PROVIDERS:
        _provider_channel(provider).remove_suppression(address, reason=reason)


@cache
def _provider_channel(name: str) -> ProviderChannel:
    if name not in PROVIDER_CLASSES:
        raise ImproperlyConfigured(f"{name!r} is no provider; there are {', '.join(PROVIDER_CLASSES)}.")
    module, _dot, class_name = PROVIDER_CLASSES[name].rpartition(".")
    return ProviderChannel(getattr(import_module(module), class_name)())
