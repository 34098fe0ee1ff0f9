"""L25: coming from many networks, or pretending to, gains nothing."""

from collections import Counter

import pytest

from tenants.client_ip import get_client_network


def request_statuses(open_visitor, business, environs, limit):
    answers = [
        open_visitor(business, **environ).request_code(f"somebody-{n}@example.com")
        for n, environ in enumerate(environs)
    ]
    assert len(answers) > limit
    return Counter(answer.status_code for answer in answers), answers[-1]


def test_forged_forwarded_for_headers_do_not_raise_the_limit(acme, open_visitor, settings):
    settings.LOGIN_REQUESTS_PER_IP = "8/10 minutes"
    environs = [{"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"} for n in range(12)]

    counts, last = request_statuses(open_visitor, acme, environs, 8)

    assert counts == {302: 8, 429: 4}
    assert 0 < int(last.headers["Retry-After"]) <= 600


def test_behind_a_proxy_only_the_last_hop_counts(acme, open_visitor, settings):
    settings.LOGIN_REQUESTS_PER_IP, settings.TRUSTED_PROXY_COUNT = "8/10 minutes", 1
    environs = [{"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": f"203.0.113.{n}, 192.0.2.7"} for n in range(12)]

    assert request_statuses(open_visitor, acme, environs, 8)[0] == {302: 8, 429: 4}


def test_behind_a_proxy_visitors_are_counted_apart(acme, open_visitor, settings):
    settings.LOGIN_REQUESTS_PER_IP, settings.TRUSTED_PROXY_COUNT = "8/10 minutes", 1
    environs = [{"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"} for n in range(12)]

    assert request_statuses(open_visitor, acme, environs, 8)[0] == {302: 12}


@pytest.mark.parametrize("forged", ["unknown", "", " , ", "203.0.113.9:4711", "x" * 5000, "::::", "203.0.113.9\x00"])
def test_an_invalid_forwarded_for_header_does_not_raise_the_limit(acme, open_visitor, settings, forged):
    settings.LOGIN_REQUESTS_PER_IP, settings.TRUSTED_PROXY_COUNT = "3/10 minutes", 1
    environs = [{"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": forged}] * 5

    assert request_statuses(open_visitor, acme, environs, 3)[0] == {302: 3, 429: 2}


def test_all_addresses_of_one_ipv6_subscriber_are_one_network(acme, open_visitor, settings):
    settings.LOGIN_REQUESTS_PER_IP = "8/10 minutes"
    environs = [{"REMOTE_ADDR": f"2001:db8:1:2:{n:x}:aaaa:bbbb:{n:x}"} for n in range(12)]

    assert request_statuses(open_visitor, acme, environs, 8)[0] == {302: 8, 429: 4}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("192.0.2.7", "192.0.2.8", False),
    ],
)
def test_ipv6_networks_of_different_subscribers_are_counted_apart(rf, one, other, same):
    networks = {get_client_network(rf.get("/", REMOTE_ADDR=address)) for address in (one, other)}

    assert len(networks) == (1 if same else 2)


def test_guesses_from_one_network_are_limited(acme, ana, open_visitor, settings):
    settings.LOGIN_GUESSES_PER_IP = "4/10 minutes"
    visitor = open_visitor(acme)
    visitor.request_code()

    answers = [visitor.submit_code(code) for code in visitor.wrong_codes()[:5]]

    assert [answer.status_code for answer in answers] == [422] * 4 + [429]
    assert b"came from your network" in answers[-1].content
    assert visitor.challenge.failures == 4


def test_limits_hold_while_redis_is_down(acme, open_visitor, settings, monkeypatch):
    from limits.storage import MemoryStorage
    from limits.strategies import MovingWindowRateLimiter
    from redis.exceptions import ConnectionError as Away

    from portal.access import network_limits

    class UnreachableLimiter:
        def hit(self, *args):
            raise Away("gone")

    settings.LOGIN_REQUESTS_PER_IP = "4/10 minutes"
    monkeypatch.setattr(network_limits, "get_limiter", lambda: UnreachableLimiter())
    monkeypatch.setattr(network_limits, "memory_limiter", MovingWindowRateLimiter(MemoryStorage()))
    environs = [{"REMOTE_ADDR": "192.0.2.7"}] * 6

    assert request_statuses(open_visitor, acme, environs, 4)[0] == {302: 4, 429: 2}
