"""L5, L7, L24, L25: what comes of trying very often, at one person, at everybody, from everywhere?"""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.access import attacks, tokens
from portal.access.limits import client_network
from portal.messaging.models import Message
from portal.profile.models import Profile
from tenants import addresses
from tenants.context import use_business
from tenants.models import Business, FailureTally, Platform
from tests.attacks.crowd import at_once
from tests.factories import ClientFactory
from tests.portal.access.people import ANA, MOBILE

AN_HOUR = 3600
PER_HOUR, PER_DAY = 5, 10
NEXT_CODE = 181


def sent_to(business, address):
    """Count the codes that were addressed to somebody."""
    with use_business(business):
        return Message.objects.filter(to=address, kind="sign-in-code").count()


def looked_at(visitors):
    """Count the guesses that were judged right or wrong, not refused unseen."""
    answers = [visitor.type(visitor.wrong_codes()[0]).status_code for visitor in visitors]
    return Counter(answers)[422]


def sign_in(visitor):
    visitor.ask()
    return visitor.type(visitor.code()).status_code


# --- Many guesses at one address (L5) ----------------------------------------


def test_ten_wrong_guesses_an_hour_are_all_an_address_suffers_from_however_many_browsers(acme, ana, visit):
    judged = 0
    for _attempt in range(4):
        stranger = visit(acme)
        stranger.ask()
        judged += sum(stranger.type(code).status_code == 422 for code in stranger.wrong_codes()[:5])

    assert judged == 10
    assert stranger.type(stranger.code()).status_code in (409, 429)


def test_a_refused_guess_says_when_to_come_back(acme, ana, visit):
    for _attempt in range(3):
        stranger = visit(acme)
        stranger.ask()
        answers = [stranger.type(code) for code in stranger.wrong_codes()[:5]]

    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["Retry-After"]) <= AN_HOUR


def test_twenty_wrong_guesses_a_day_are_all_an_address_suffers(acme, ana, visit, later):
    judged = []
    for _hour in range(3):
        for _attempt in range(2):
            stranger = visit(acme)
            assert stranger.ask().status_code == 302
            judged += [stranger.type(code).status_code == 422 for code in stranger.wrong_codes()[:5]]
        later(AN_HOUR + 1)

    assert judged == [True] * 20 + [False] * 10


def test_guesses_at_many_attempts_made_at_once_are_counted_together(committed_db, acme, ana, visit):
    strangers = [visit(acme) for _one in range(PER_HOUR)]
    for stranger in strangers:
        stranger.ask()
    guesses = [(stranger, code) for stranger in strangers for code in stranger.wrong_codes()[:5]]

    answers = at_once(lambda guess: guess[0].type(guess[1]).status_code, guesses)

    assert Counter(answers)[422] <= 10
    assert set(answers) <= {422, 429}


def test_asking_in_many_ways_of_writing_the_address_is_counted_as_one(acme, ana, visit):
    spellings = [ANA, ANA.upper(), f"  {ANA} ", "Ana@Example.com", "ａｎａ@example.com", "ana@EXAMPLE.com"]

    assert [visit(acme).ask(spelling).status_code for spelling in spellings] == [302] * PER_HOUR + [429]
    assert sent_to(acme, ANA) == PER_HOUR


def test_asking_in_many_ways_of_writing_the_number_is_counted_as_one(acme, visit):
    with use_business(acme):
        ClientFactory(mobile="+4915112345678")
    spellings = [
        "+4915112345678",
        "0151 12345678",
        "0049 151 1234 5678",
        "+49 (151) 12345678",
        "+49-151-12345678",
        "015112345678",
    ]

    assert [visit(acme).ask(spelling).status_code for spelling in spellings] == [302] * PER_HOUR + [429]
    assert sent_to(acme, "+4915112345678") == PER_HOUR


# --- Many codes for one address (L24) ----------------------------------------


def test_five_mails_an_hour_are_all_that_strangers_can_send_somebody(acme, ana, visit):
    answers = [visit(acme).ask().status_code for _ask in range(8)]

    assert answers == [302] * PER_HOUR + [429] * 3
    assert sent_to(acme, ANA) == PER_HOUR


@pytest.mark.parametrize("identifier", [ANA, "nobody@example.com"])
def test_resends_count_like_asking_again(acme, ana, visit, later, identifier):
    stranger, another = visit(acme), visit(acme)
    answers = [one.ask(identifier).status_code for one in (stranger, another)]
    for _resend in range(2):
        later(NEXT_CODE)
        answers += [one.resend().status_code for one in (stranger, another)]

    assert answers == [302] * PER_HOUR + [429]


def test_ten_mails_a_day_are_all_that_strangers_can_send_somebody(acme, ana, visit, later):
    for _hour in range(5):
        for _ask in range(6):
            visit(acme).ask()
        later(AN_HOUR + 1)

    assert sent_to(acme, ANA) == PER_DAY


def test_asking_for_one_address_at_the_same_moment_gets_no_more_than_five_mails(committed_db, acme, ana, visit):
    answers = at_once(lambda visitor: visitor.ask().status_code, [visit(acme) for _one in range(40)])

    assert Counter(answers) == {302: PER_HOUR, 429: 40 - PER_HOUR}
    assert sent_to(acme, ANA) == PER_HOUR


def test_resending_at_the_same_moment_sends_one_code(committed_db, acme, ana, visit):
    stranger = visit(acme)
    stranger.ask()

    answers = at_once(lambda _n: stranger.resend(channel="sms").status_code, range(20))

    assert Counter(answers) == {302: 1, 429: 19}
    assert sent_to(acme, MOBILE) == 1


def flood_through_both(visit, business, identifiers, later):
    """Send as many codes as possible to the second address through the first one on its card, then ask for it itself."""
    through, target = identifiers
    for _attempt in range(2):
        stranger = visit(business)
        stranger.ask(through)
        for _resend in range(2):
            stranger.resend(channel="email" if "@" in target else "sms")
            later(NEXT_CODE)
    for _attempt in range(PER_HOUR):
        visit(business).ask(target)


@pytest.mark.parametrize("identifiers", [(ANA, MOBILE), (MOBILE, ANA)], ids=["the mobile", "the mailbox"])
def test_no_address_gets_more_codes_for_being_on_a_card_with_another_one(acme, ana, visit, later, identifiers):
    flood_through_both(visit, acme, identifiers, later)

    assert sent_to(acme, identifiers[1]) == PER_HOUR


@pytest.mark.parametrize("identifiers", [(ANA, MOBILE), (MOBILE, ANA)], ids=["the mobile", "the mailbox"])
def test_no_address_gets_more_codes_a_day_for_being_on_a_card_with_another_one(acme, ana, visit, later, identifiers):
    for _hour in range(4):
        flood_through_both(visit, acme, identifiers, later)
        later(AN_HOUR)

    assert sent_to(acme, identifiers[1]) == PER_DAY


def test_a_flooded_client_still_signs_in_with_the_browser_they_always_use(acme, ana, visit):
    victim = visit(acme)
    assert sign_in(victim) == 302
    victim.browser.post("/sign-out/")
    for _attempt in range(12):
        stranger = visit(acme)
        if stranger.ask().status_code == 302:
            for code in stranger.wrong_codes()[:5]:
                stranger.type(code)

    assert visit(acme).ask().status_code == 429
    assert sign_in(victim) == 302
    assert victim.home() == 200


def test_a_flooded_client_still_gets_the_text_they_ask_for_with_the_browser_they_always_use(acme, ana, visit):
    victim = visit(acme)
    assert sign_in(victim) == 302
    victim.browser.post("/sign-out/")
    for identifier in (ANA, MOBILE):
        for _attempt in range(8):
            stranger = visit(acme)
            stranger.ask(identifier)
            stranger.resend(channel="sms")
    texts = sent_to(acme, MOBILE)

    victim.ask()
    victim.resend(channel="sms")

    assert sent_to(acme, MOBILE) == texts + 1
    assert victim.type(victim.code()).status_code == 302


def test_a_made_up_browser_cookie_opens_no_second_budget(acme, ana, visit):
    answers = []
    for number in range(8):
        stranger = visit(acme)
        stranger.browser.cookies["browser"] = f"made-up-{number}"
        answers.append(stranger.ask().status_code)

    assert answers == [302] * PER_HOUR + [429] * 3


def test_somebody_elses_known_browser_opens_no_second_budget(acme, ana, visit):
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    mallory = visit(acme)
    mallory.ask("mallory@example.com")
    mallory.type(mallory.code())
    mallory.browser.post("/sign-out/")

    assert [mallory.ask().status_code for _ask in range(7)] == [302] * PER_HOUR + [429] * 2


def test_a_signed_in_client_can_not_flood_somebody_by_adding_their_address(acme, ana, visit):
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    mallory = visit(acme)
    mallory.ask("mallory@example.com")
    mallory.type(mallory.code())

    answers = [mallory.browser.post("/profile/contact/", {"identifier": ANA}).status_code for _ask in range(7)]

    assert answers == [302] * PER_HOUR + [429] * 2
    assert visit(acme).ask().status_code == 429


def test_a_signed_in_client_can_not_send_codes_to_one_stranger_after_the_other(acme, visit, later):
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    mallory = visit(acme)
    mallory.ask("mallory@example.com")
    mallory.type(mallory.code())

    answers = []
    for number in range(7):
        fields = {"identifier": f"+49151123456{number:02d}", "kind": "phone"}
        answers.append(mallory.browser.post("/profile/contact/", fields).status_code)

    assert answers == [302] * PER_HOUR + [429] * 2


# --- Many networks, or one that pretends to be many (L25) ---------------------


def statuses(visit, business, environs, limit):
    answers = [visit(business, **environ).ask(f"somebody-{n}@example.com") for n, environ in enumerate(environs)]
    assert len(answers) > limit
    return Counter(answer.status_code for answer in answers), answers[-1]


def test_a_new_forwarded_for_with_each_request_buys_nothing(acme, visit, settings):
    settings.LOGIN_ASKS_PER_IP = "8/10 minutes"
    environs = [{"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"} for n in range(12)]

    counts, last = statuses(visit, acme, environs, 8)

    assert counts == {302: 8, 429: 4}
    assert 0 < int(last.headers["Retry-After"]) <= 600


def test_behind_a_proxy_only_the_hop_it_added_counts(acme, visit, settings):
    settings.LOGIN_ASKS_PER_IP, settings.TRUSTED_PROXY_COUNT = "8/10 minutes", 1
    environs = [{"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": f"203.0.113.{n}, 192.0.2.7"} for n in range(12)]

    assert statuses(visit, acme, environs, 8)[0] == {302: 8, 429: 4}


def test_behind_a_proxy_different_visitors_are_different(acme, visit, settings):
    settings.LOGIN_ASKS_PER_IP, settings.TRUSTED_PROXY_COUNT = "8/10 minutes", 1
    environs = [{"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"} for n in range(12)]

    assert statuses(visit, acme, environs, 8)[0] == {302: 12}


@pytest.mark.parametrize("forged", ["unknown", "", " , ", "203.0.113.9:4711", "x" * 5000, "::::", "203.0.113.9\x00"])
def test_a_forwarded_for_that_is_no_address_buys_nothing(acme, visit, settings, forged):
    settings.LOGIN_ASKS_PER_IP, settings.TRUSTED_PROXY_COUNT = "3/10 minutes", 1
    environs = [{"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": forged}] * 5

    assert statuses(visit, acme, environs, 3)[0] == {302: 3, 429: 2}


def test_all_addresses_of_one_ipv6_subscriber_are_one_network(acme, visit, settings):
    settings.LOGIN_ASKS_PER_IP = "8/10 minutes"
    environs = [{"REMOTE_ADDR": f"2001:db8:1:2:{n:x}:aaaa:bbbb:{n:x}"} for n in range(12)]

    assert statuses(visit, acme, environs, 8)[0] == {302: 8, 429: 4}


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
def test_networks_are_told_apart_as_subscribers_are(rf, one, other, same):
    networks = {client_network(rf.get("/", REMOTE_ADDR=address)) for address in (one, other)}

    assert len(networks) == (1 if same else 2)


def test_guesses_from_one_network_are_limited_too(acme, ana, visit, settings):
    settings.LOGIN_GUESSES_PER_IP = "4/10 minutes"
    here = visit(acme)
    here.ask()

    assert [here.type(code).status_code for code in here.wrong_codes()[:5]] == [422] * 4 + [429]
    assert here.challenge.failures == 4


def test_limits_hold_while_redis_is_away(acme, visit, settings, monkeypatch):
    from limits.storage import MemoryStorage
    from limits.strategies import MovingWindowRateLimiter
    from redis.exceptions import ConnectionError as Away

    from portal.access import limits

    class Dead:
        def hit(self, *args):
            raise Away("gone")

    settings.LOGIN_ASKS_PER_IP = "4/10 minutes"
    monkeypatch.setattr(limits, "_limiter", lambda: Dead())
    monkeypatch.setattr(limits, "_fallback", MovingWindowRateLimiter(MemoryStorage()))
    environs = [{"REMOTE_ADDR": "192.0.2.7"}] * 6

    assert statuses(visit, acme, environs, 4)[0] == {302: 4, 429: 2}


# --- One guess at everybody (L7) ----------------------------------------------


@pytest.fixture
def under_attack(acme):
    """Put Acme into attack mode."""
    Business.objects.filter(pk=acme.pk).update(attack_until=timezone.now() + timedelta(hours=1))
    addresses.invalidate()


def failed_guesses(business, count, *, now):
    with use_business(business):
        for _guess in range(count):
            attacks.count_failure(business=business, now=now)


def guess_once(visitor, identifier):
    if visitor.ask(identifier).status_code == 302:
        visitor.type(visitor.wrong_codes()[0])


def test_one_guess_at_each_of_many_people_puts_the_business_into_attack_mode(acme, globex, visit, settings):
    settings.ATTACK_BUSINESS_FAILURES = 30
    for number in range(30):
        guess_once(visit(acme), f"client-{number}@example.com")

    assert visit(acme).ask("another@example.com").status_code == 429
    assert visit(globex).ask("another@example.com").status_code == 302


def test_one_guess_at_each_of_many_people_of_many_businesses_puts_the_platform_into_attack_mode(
    acme, globex, visit, settings
):
    settings.ATTACK_PLATFORM_FAILURES = 30
    for number in range(15):
        for business in (acme, globex):
            guess_once(visit(business), f"client-{number}@example.com")

    for business in (acme, globex):
        assert visit(business).ask("another@example.com").status_code == 429


def test_the_numbers_are_300_at_a_business_and_3000_on_the_platform(acme, globex):
    now = timezone.now()
    bucket = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)
    FailureTally.objects.create(business=acme, bucket_at=bucket, count=298)
    FailureTally.objects.create(business=globex, bucket_at=bucket, count=2700)

    failed_guesses(acme, 1, now=now)
    assert (Business.objects.get(pk=acme.pk).attack_until, Platform.objects.get().attack_until) == (None, None)
    failed_guesses(acme, 1, now=now)

    assert Business.objects.get(pk=acme.pk).attack_until > now
    assert Platform.objects.get().attack_until > now
    assert Business.objects.get(pk=globex.pk).attack_until is None


def test_an_attack_that_goes_on_prolongs_the_alarm_and_spares_what_is_known_of_hosts(acme, settings, monkeypatch):
    settings.ATTACK_BUSINESS_FAILURES = 10
    forgotten = []
    monkeypatch.setattr(addresses, "invalidate", lambda: forgotten.append(1))
    now = timezone.now()

    failed_guesses(acme, 40, now=now)
    assert (len(forgotten), Business.objects.get(pk=acme.pk).attack_until) == (1, now + settings.ATTACK_LIFETIME)

    failed_guesses(acme, 40, now=now + timedelta(minutes=2))
    assert len(forgotten) == 2
    assert Business.objects.get(pk=acme.pk).attack_until == now + timedelta(minutes=2) + settings.ATTACK_LIFETIME


def test_failures_of_more_than_an_hour_ago_raise_no_alarm(acme, settings):
    settings.ATTACK_BUSINESS_FAILURES = 10
    now = timezone.now()
    failed_guesses(acme, 9, now=now - timedelta(minutes=75))

    failed_guesses(acme, 1, now=now)

    assert Business.objects.get(pk=acme.pk).attack_until is None


def test_failures_counted_at_the_same_moment_are_all_counted(committed_db, acme):
    now = timezone.now()

    at_once(lambda _n: failed_guesses(acme, 1, now=now), range(60))

    assert FailureTally.objects.get().count == 60


def test_in_attack_mode_codes_have_eight_digits(acme, ana, visit, under_attack, later):
    stranger = visit(acme)
    step = stranger.ask()
    later(6)
    assert stranger.ask(ticket=step.context["ticket"]).status_code == 302

    assert len(stranger.code()) == 8
    assert stranger.type(stranger.code()).status_code == 302


def test_in_attack_mode_a_known_browser_takes_no_step_and_a_stranger_does(acme, ana, visit):
    known = visit(acme)
    sign_in(known)
    known.browser.post("/sign-out/")
    Business.objects.filter(pk=acme.pk).update(attack_until=timezone.now() + timedelta(hours=1))
    addresses.invalidate()

    step = visit(acme).ask()

    assert step.status_code == 429
    assert int(step.headers["Retry-After"]) >= 1
    assert known.ask().status_code == 302
    assert len(known.code()) == 8


def test_the_step_can_not_be_hurried_forged_or_kept_for_later(acme, ana, visit, under_attack, later):
    stranger = visit(acme)
    ticket = stranger.ask().context["ticket"]

    assert stranger.ask(ticket=ticket).status_code == 429
    later(6)
    for forged in (ticket[:-1], "x" + ticket, "a:b:c", "::", "\x00", "x" * 100_000, tokens.new_token()):
        assert stranger.ask(ticket=forged).status_code == 429, forged
    later(11 * 60)
    assert stranger.ask(ticket=ticket).status_code == 429
    assert sent_to(acme, ANA) == 0


def test_the_step_serves_once(acme, ana, visit, under_attack, later):
    stranger = visit(acme)
    ticket = stranger.ask().context["ticket"]
    later(6)

    assert stranger.ask(ticket=ticket).status_code == 302
    assert [visit(acme).ask(f"client-{n}@example.com", ticket=ticket).status_code for n in range(3)] == [429] * 3


def test_the_step_serves_once_at_the_same_moment_too(committed_db, acme, ana, visit, under_attack, later):
    ticket = visit(acme).ask().context["ticket"]
    later(6)
    crowd = [(visit(acme), f"client-{n}@example.com") for n in range(30)]

    answers = at_once(lambda one: one[0].ask(one[1], ticket=ticket).status_code, crowd)

    assert Counter(answers) == {302: 1, 429: 29}


def test_a_step_taken_at_one_business_is_worth_nothing_at_another(acme, globex, visit, later):
    Platform.objects.update_or_create(id=1, defaults={"attack_until": timezone.now() + timedelta(hours=1)})
    addresses.invalidate()
    ticket = visit(acme).ask().context["ticket"]
    later(6)

    assert visit(globex).ask(ticket=ticket).status_code == 429


def test_attack_mode_ends_an_hour_after_the_last_trigger(acme, visit, settings, later):
    settings.ATTACK_BUSINESS_FAILURES = 5
    failed_guesses(acme, 5, now=timezone.now())
    assert visit(acme).ask("one@example.com").status_code == 429

    later(AN_HOUR + 5)
    addresses.invalidate()

    assert visit(acme).ask("one@example.com").status_code == 302


# --- Numbers that cost (L27) --------------------------------------------------


@pytest.mark.parametrize(
    ("number", "what"),
    [
        ("+881612345678", "a satellite phone"),
        ("+882161234567", "an international network"),
        ("+979123456789", "an international premium service"),
        ("+4490012345678"[:13], "a British premium number"),
        ("+499001234567", "a German premium number"),
        ("+19005551234", "an American premium number"),
        ("+18765551234", "Jamaica, which shares America's prefix"),
        ("+12684641234", "Antigua, which shares America's prefix"),
        ("+18095551234", "the Dominican Republic, which shares America's prefix"),
        ("+252612345678", "Somalia"),
        ("+5352123456", "Cuba"),
        ("+79161234567", "Russia"),
    ],
)
def test_a_code_is_never_texted_to(acme, visit, outbox, number, what):
    with use_business(acme):
        ClientFactory(email="mallory@example.com", mobile=number)
    mallory = visit(acme)

    mallory.ask("mallory@example.com")
    assert mallory.resend(channel="sms").status_code == 302
    visit(acme).ask(number)
    outbox.deliver_due()

    assert [message["channel"] for message in outbox.sent()] == ["email"], what


def test_a_business_can_keep_texts_within_its_own_country(acme, visit, outbox):
    with use_business(acme):
        Profile.objects.update(sms_countries=["DE"])
        ClientFactory(email="one@example.com", mobile="+4915112345678")
        ClientFactory(email="two@example.com", mobile="+447700900102")
    for number in ("+4915112345678", "+447700900102"):
        visit(acme).ask(number)
    outbox.deliver_due()

    assert [message["to"] for message in outbox.sent()] == ["+4915112345678"]


def test_a_number_from_a_public_form_gets_no_text_until_somebody_confirmed_it(acme, ana, visit, outbox):
    from portal.clients import services as clients
    from portal.clients.identifiers import parse
    from portal.clients.models import Contact

    with use_business(acme):
        bo = ClientFactory(email="bo@example.com")
        number = parse("+4915112345678", country="DE")
        clients.add_contact(client=bo, identifier=number, source=Contact.Source.FORM, now=timezone.now())
    victim = visit(acme)
    victim.ask("bo@example.com")

    assert victim.resend(channel="sms").status_code == 302
    assert visit(acme).ask("+4915112345678").status_code == 302
    outbox.deliver_due()

    assert [message["channel"] for message in outbox.sent()] == ["email"]


def test_the_page_can_not_add_a_number_that_costs(acme, ana, visit):
    here = visit(acme)
    sign_in(here)

    for number in ("+18765551234", "+881612345678", "+19005551234"):
        assert here.browser.post("/profile/contact/", {"identifier": number}).status_code == 422, number
