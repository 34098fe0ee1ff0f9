"""L7: one attempt at each of many addresses puts the business into attack mode."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.access import attack_mode
from tenants import hostnames, tokens
from tenants.context import use_business
from tenants.models import Business, FailedAttemptCount, Platform
from tests.attacks.concurrent_tasks import run_concurrently
from tests.portal.access.sign_in_steps import ANA, count_codes_to

pytestmark = pytest.mark.slow

HOUR_SECONDS = 3600


@pytest.fixture
def acme_in_attack_mode(acme):
    """Put Acme into attack mode."""
    Business.objects.filter(pk=acme.pk).update(attack_until=timezone.now() + timedelta(hours=1))
    hostnames.invalidate_host_cache()


def add_failed_attempts(business, count, *, now):
    with use_business(business):
        for _guess in range(count):
            attack_mode.count_failed_attempt(business=business, now=now)


def submit_wrong_code(visitor, identifier):
    if visitor.request_code(identifier).status_code == 302:
        visitor.submit_code(visitor.wrong_codes()[0])


def test_one_guess_at_each_of_many_people_puts_the_business_into_attack_mode(acme, globex, open_visitor, settings):
    settings.ATTACK_MODE_BUSINESS_THRESHOLD = 30
    for number in range(30):
        submit_wrong_code(open_visitor(acme), f"client-{number}@example.com")

    assert open_visitor(acme).request_code("another@example.com").status_code == 429
    assert open_visitor(globex).request_code("another@example.com").status_code == 302


def test_one_guess_at_each_of_many_people_of_many_businesses_puts_the_platform_into_attack_mode(
    acme, globex, open_visitor, settings
):
    settings.ATTACK_MODE_PLATFORM_THRESHOLD = 30
    for number in range(15):
        for business in (acme, globex):
            submit_wrong_code(open_visitor(business), f"client-{number}@example.com")

    for business in (acme, globex):
        assert open_visitor(business).request_code("another@example.com").status_code == 429


def test_the_limits_are_300_at_a_business_and_3000_on_the_platform(acme, globex):
    now = timezone.now()
    bucket = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)
    FailedAttemptCount.objects.create(business=acme, bucket_at=bucket, count=298)
    FailedAttemptCount.objects.create(business=globex, bucket_at=bucket, count=2700)

    add_failed_attempts(acme, 1, now=now)
    assert (Business.objects.get(pk=acme.pk).attack_until, Platform.objects.get().attack_until) == (None, None)
    add_failed_attempts(acme, 1, now=now)

    assert Business.objects.get(pk=acme.pk).attack_until > now
    assert Platform.objects.get().attack_until > now
    assert Business.objects.get(pk=globex.pk).attack_until is None


def test_a_continued_attack_prolongs_attack_mode_and_keeps_the_host_cache(acme, settings, monkeypatch):
    settings.ATTACK_MODE_BUSINESS_THRESHOLD = 10
    forgotten = []
    monkeypatch.setattr(hostnames, "invalidate_host_cache", lambda: forgotten.append(1))
    now = timezone.now()

    add_failed_attempts(acme, 40, now=now)
    assert (len(forgotten), Business.objects.get(pk=acme.pk).attack_until) == (1, now + settings.ATTACK_MODE_LIFETIME)

    add_failed_attempts(acme, 40, now=now + timedelta(minutes=2))
    assert len(forgotten) == 2
    assert Business.objects.get(pk=acme.pk).attack_until == now + timedelta(minutes=2) + settings.ATTACK_MODE_LIFETIME


def test_failures_older_than_an_hour_do_not_start_attack_mode(acme, settings):
    settings.ATTACK_MODE_BUSINESS_THRESHOLD = 10
    now = timezone.now()
    add_failed_attempts(acme, 9, now=now - timedelta(minutes=75))

    add_failed_attempts(acme, 1, now=now)

    assert Business.objects.get(pk=acme.pk).attack_until is None


def test_concurrent_failures_are_all_counted(committed_db, acme):
    now = timezone.now()

    run_concurrently(lambda _n: add_failed_attempts(acme, 1, now=now), range(60))

    assert FailedAttemptCount.objects.get().count == 60


def test_in_attack_mode_codes_have_eight_digits(acme, ana, open_visitor, acme_in_attack_mode, advance_time):
    stranger = open_visitor(acme)
    step = stranger.request_code()
    advance_time(6)
    assert stranger.request_code(wait_token=step.context["wait_token"]).status_code == 302

    assert len(stranger.code()) == 8
    assert stranger.submit_code(stranger.code()).status_code == 302


def test_in_attack_mode_only_unrecognised_browsers_wait(acme, ana, open_visitor):
    known = open_visitor(acme)
    known.sign_in()
    known.browser.post("/sign-out/")
    Business.objects.filter(pk=acme.pk).update(attack_until=timezone.now() + timedelta(hours=1))
    hostnames.invalidate_host_cache()

    step = open_visitor(acme).request_code()

    assert step.status_code == 429
    assert int(step.headers["Retry-After"]) >= 1
    assert known.request_code().status_code == 302
    assert len(known.code()) == 8


def test_wait_token_cannot_be_forged_or_used_early_or_late(acme, ana, open_visitor, acme_in_attack_mode, advance_time):
    stranger = open_visitor(acme)
    wait_token = stranger.request_code().context["wait_token"]

    assert stranger.request_code(wait_token=wait_token).status_code == 429
    advance_time(6)
    for forged in (wait_token[:-1], "x" + wait_token, "a:b:c", "::", "\x00", "x" * 100_000, tokens.generate_token()):
        assert stranger.request_code(wait_token=forged).status_code == 429, forged
    advance_time(11 * 60)
    assert stranger.request_code(wait_token=wait_token).status_code == 429
    assert count_codes_to(acme, ANA) == 0


def test_wait_token_works_once(acme, ana, open_visitor, acme_in_attack_mode, advance_time):
    stranger = open_visitor(acme, REMOTE_ADDR="203.0.113.7")
    wait_token = stranger.request_code().context["wait_token"]
    advance_time(6)

    assert stranger.request_code(wait_token=wait_token).status_code == 302
    neighbours = [open_visitor(acme, REMOTE_ADDR=f"203.0.113.{host}") for host in (8, 9)]
    assert [again.request_code(wait_token=wait_token).status_code for again in (stranger, *neighbours)] == [429] * 3


def test_wait_tokens_collected_in_advance_serve_no_other_address_or_network(
    acme, ana, open_visitor, acme_in_attack_mode, advance_time
):
    collector = open_visitor(acme)
    wait_token = collector.request_code("client-1@example.com").context["wait_token"]
    advance_time(6)

    elsewhere = open_visitor(acme, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.request_code("client-1@example.com", wait_token=wait_token).status_code == 429
    assert collector.request_code(ANA, wait_token=wait_token).status_code == 429
    assert collector.request_code("client-1@example.com", wait_token=wait_token).status_code == 302


def test_wait_token_works_once_under_concurrency(
    committed_db, acme, ana, open_visitor, acme_in_attack_mode, advance_time
):
    visitors = [open_visitor(acme, REMOTE_ADDR=f"203.0.113.{host}") for host in range(30)]
    wait_token = visitors[0].request_code().context["wait_token"]
    advance_time(6)

    answers = run_concurrently(lambda visitor: visitor.request_code(wait_token=wait_token).status_code, visitors)

    assert Counter(answers) == {302: 1, 429: 29}


def test_wait_token_is_invalid_at_another_business(acme, globex, open_visitor, advance_time):
    Platform.objects.update_or_create(id=1, defaults={"attack_until": timezone.now() + timedelta(hours=1)})
    hostnames.invalidate_host_cache()
    wait_token = open_visitor(acme).request_code().context["wait_token"]
    advance_time(6)

    assert open_visitor(globex).request_code(wait_token=wait_token).status_code == 429


def test_attack_mode_ends_an_hour_after_the_last_trigger(acme, open_visitor, settings, advance_time):
    settings.ATTACK_MODE_BUSINESS_THRESHOLD = 5
    add_failed_attempts(acme, 5, now=timezone.now())
    assert open_visitor(acme).request_code("one@example.com").status_code == 429

    advance_time(HOUR_SECONDS + 5)
    hostnames.invalidate_host_cache()

    assert open_visitor(acme).request_code("one@example.com").status_code == 302
