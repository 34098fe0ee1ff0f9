"""Which providers carry this channel, in which order, and how is each one asked?"""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as OutOfTime
from functools import cache
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tenants import metrics
from tenants.models import Channel
from workers.providers.base import Envelope, NotAccepted, Outcome, Provider, Verdict
from workers.providers.breaker import Breaker

log = logging.getLogger(__name__)

# Imported when first used: the SDKs weigh megabytes, and a worker pays only for those it is configured with.
CLASSES = {
    "sendgrid": "workers.providers.sendgrid.SendGrid",
    "twilio": "workers.providers.twilio.Twilio",
    "smtp": "workers.providers.smtp.Smtp",
    "demo": "workers.providers.demo.Demo",
}
# Calls run here so that one can be given up, whatever it hangs in: a name server, a handshake, a trickle.
_callers = ThreadPoolExecutor(max_workers=64, thread_name_prefix="provider")


class Line:
    """One provider with its breaker: what is called, and what decides whether to call."""

    def __init__(self, provider: Provider):
        self.name = provider.name
        self.breaker = Breaker(provider.name, failures=settings.BREAKER_FAILURES, rest=settings.BREAKER_OPEN)
        self._provider = provider

    def send(self, envelope: Envelope) -> Outcome:
        """Ask once and return what came of it, in a little over both time-outs at most. Raises nothing."""
        began = time.monotonic()
        outcome = self._ask(envelope)
        metrics.PROVIDER_SECONDS.labels(self.name).observe(time.monotonic() - began)
        metrics.PROVIDER_CALLS.labels(self.name, outcome.reason or outcome.verdict).inc()
        if outcome.verdict in (Verdict.BUSY, Verdict.UNCLEAR):
            self.breaker.failed()
        elif outcome.verdict != Verdict.UNMADE:
            self.breaker.succeeded()
        return outcome

    def forgive(self, address: str, *, reason: str) -> None:
        """Ask to have a block lifted, where the provider has such a thing. Raises NotAccepted."""
        lift = getattr(self._provider, "forgive", None)
        if lift:
            lift(address, reason=reason)

    def _ask(self, envelope: Envelope) -> Outcome:
        longest = settings.PROVIDER_CONNECT_TIMEOUT + settings.PROVIDER_READ_TIMEOUT
        call = _callers.submit(self._provider.send, envelope)
        try:
            return call.result(longest.total_seconds())
        except NotAccepted as error:
            return error.outcome
        except OutOfTime:
            # Behind others that hang it may not have begun; then it mustn't begin when nobody expects it any more.
            return Outcome(Verdict.BUSY, "busy") if call.cancel() else Outcome(Verdict.UNCLEAR, "timeout")
        except Exception as error:
            # Its words may quote the address, so only its kind is told.
            log.error("%s raised %s", self.name, type(error).__name__)
            return Outcome(Verdict.UNCLEAR, "broken")


def lines(channel: Channel) -> list[Line]:
    """Return the lines of a channel in the order they are to be tried."""
    names = settings.EMAIL_PROVIDERS if channel == Channel.EMAIL else settings.SMS_PROVIDERS
    return [_line(name) for name in names]


def forgive(provider: str, address: str, *, reason: str) -> None:
    """Ask a provider to send to an address again. One that keeps no such list, or is no longer ours, has nothing to lift.

    Raises NotAccepted.
    """
    if provider in settings.EMAIL_PROVIDERS:
        _line(provider).forgive(address, reason=reason)


@cache
def _line(name: str) -> Line:
    if name not in CLASSES:
        raise ImproperlyConfigured(f"{name!r} is no provider; there are {', '.join(CLASSES)}.")
    module, _dot, class_name = CLASSES[name].rpartition(".")
    return Line(getattr(import_module(module), class_name)())
