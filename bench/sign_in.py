"""How many people can sign in per second, and how long do they wait after asking for a code?

Portico against django-allauth 65's login by code in a small project of its own: the same
granian settings (2 workers), PostgreSQL, Redis for the limits and provider, sessions in the
database, another person each time who has been there before. A sign-in is two POSTs. The
person learns the code from the mail that reached the provider, so all of our pipeline is in
it, and on the same cores: one process for the `codes` lane beside the web server, while
allauth sends within the request, over connections kept open. 32 people at a time; the CPU is
that of the web server's processes alone: what a sign-in costs where workers have machines of
their own. Then, with a slow provider, ten people a turn ask one after the other; the quickest
tenth of the asks tells what they take while nobody else wants the core.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from bench import businesses, ground
from bench.browser import Browser, Line
from bench.ground import cpu_of
from bench.provider import Provider
from bench.report import Finding, at_least
from bench.turns import in_turn, percentile
from config.local.processes import Process
from tests.fakes.faults import slow

PEOPLE_AT_A_TIME = 32
SECONDS = 6.0
ROUNDS = 5
TURNS_TO_ASK = 12
ASKS = 10
PROVIDER_TAKES = 0.150


@dataclass
class Site:
    """One of the two: where it is, how one signs in there, and who comes next."""

    web: Process
    port: int
    ask: tuple[str, str]
    answer: tuple[str, str]
    token_cookie: str
    people: Iterator[tuple[str, str]]
    provider: Provider

    def __post_init__(self) -> None:
        self._turn = threading.Lock()

    def visit(self, line: Line) -> float:
        """Let the next person ask for a code; return how long the answer took."""
        return self._ask(line)[0]

    def sign_in(self, line: Line) -> None:
        """Let the next person sign in, all the way."""
        _seconds, browser, mail = self._ask(line)
        assert mail.here.wait(30), "no code arrived"
        path, name = self.answer
        answer = browser.post(path, **{name: mail.code})
        assert (answer.status, answer.location) == (302, "/"), answer

    def _ask(self, line: Line):
        with self._turn:
            slug, address = next(self.people)
        browser = Browser(line, f"{slug}.localhost", self.token_cookie, {"browser": businesses.browser_of(address)})
        mail = self.provider.expect(address)
        path, name = self.ask
        answer = browser.post(path, **{name: address})
        assert answer.status == 302, (answer.status, self.port)
        return answer.seconds, browser, mail


def measure() -> list[Finding]:
    """Let people sign in at both sites in turn, first with an instant provider, then with a slow one."""
    with ExitStack() as stack:
        ours, theirs = _sites(stack)
        for site in (ours, theirs):
            _rate(site, seconds=3)
        turns = in_turn(ROUNDS, lambda: _rate(ours), lambda: _rate(theirs))
        rates, costs = ([median(turn[place] for turn in side) for side in turns] for place in (0, 1))
        for site in (ours, theirs):
            site.provider.script.play(slow(PROVIDER_TAKES))
        turns = in_turn(TURNS_TO_ASK, lambda: _waits(ours), lambda: _waits(theirs))
        times = [[wait for turn in side for wait in turn] for side in turns]
        waits, best = [median(of) for of in times], [percentile(of, 0.1) for of in times]
    return [
        Finding(
            "sign-ins a second",
            f"{rates[0]:.0f} /s",
            f"{rates[1]:.0f} /s (allauth)",
            rates[0] / rates[1],
            target=at_least(1),
        ),
        Finding("CPU of the web server per sign-in", _ms(costs[0]), f"{_ms(costs[1])} (allauth)", costs[1] / costs[0]),
        Finding(
            f"ask, provider takes {PROVIDER_TAKES * 1000:.0f} ms",
            _ms(waits[0]),
            f"{_ms(waits[1])} (allauth)",
            waits[1] / waits[0],
            target=at_least(20),
        ),
        Finding("the same, the quickest tenth", _ms(best[0]), f"{_ms(best[1])} (allauth)", best[1] / best[0]),
    ]


def _sites(stack: ExitStack) -> tuple[Site, Site]:
    """Start both, each with a provider of its own."""
    our_provider, their_provider = stack.enter_context(Provider()), stack.enter_context(Provider())
    env = ground.environment(TRUSTED_PROXY_COUNT="1", **our_provider.settings)
    our_web, our_port = stack.enter_context(ground.serving("config.wsgi:application", env))
    stack.enter_context(ground.working("codes-1", env=env))
    ask, answer = ("/sign-in/", "identifier"), ("/sign-in/code/", "code")
    ours = Site(our_web, our_port, ask, answer, "csrf", businesses.everybody(), our_provider)

    own = {
        "DATABASE_URL": ground.fresh_database("bench_allauth"),
        "DJANGO_SETTINGS_MODULE": "bench.allauth_site.settings",
    }
    env = ground.environment(**own, **their_provider.settings)
    everybody = list(businesses.everybody())
    ground.python(env, "bench.allauth_site.people", told="\n".join(address for _slug, address in everybody))
    their_web, their_port = stack.enter_context(ground.serving("bench.allauth_site.wsgi:application", env))
    ask, answer = ("/accounts/login/code/", "email"), ("/accounts/login/code/confirm/", "code")
    return ours, Site(their_web, their_port, ask, answer, "csrftoken", iter(everybody), their_provider)


def _rate(site: Site, seconds: float = SECONDS) -> tuple[float, float]:
    """Return how many people a second get in while so many at a time try, and the web server's CPU for each."""
    began, spent = time.monotonic(), cpu_of(site.web)
    with ThreadPoolExecutor(PEOPLE_AT_A_TIME) as pool:
        visits = [pool.submit(_keep_coming, site, until=began + seconds) for _ in range(PEOPLE_AT_A_TIME)]
    people = sum(visit.result() for visit in visits)
    return people / (time.monotonic() - began), (cpu_of(site.web) - spent) / people


def _keep_coming(site: Site, until: float) -> int:
    line = Line(site.port)
    people = 0
    while time.monotonic() < until:
        site.sign_in(line)
        people += 1
    line.close()
    return people


def _waits(site: Site) -> list[float]:
    """Return the seconds from asking to the next page, for a few people who come one after the other."""
    line = Line(site.port)
    seconds = [site.visit(line) for _ask in range(ASKS)]
    line.close()
    return seconds


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
