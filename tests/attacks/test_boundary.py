"""T1, T2, T6, T7, T12: does anything of one business ever show at another?"""

import random
import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.urls import path
from django.utils import timezone

from portal.access.models import Challenge, ClientSession
from portal.clients.models import Client
from portal.messaging.models import Message
from portal.profile.models import Profile
from tenants import addresses
from tenants.context import current_business, use_business, use_public
from tenants.models import Business, Delivery
from tests.attacks.crowd import at_once
from tests.factories import ClientFactory
from tests.portal.access.people import ANA, MOBILE

THREADS = 64


@pytest.fixture
def twins(acme, globex):
    """Ana at Acme and Ana at Globex, two strangers with one mailbox, one name and one key."""
    twins = []
    for business in (acme, globex):
        with use_business(business):
            twins.append(ClientFactory(name=f"Ana of {business.name}", email=ANA, mobile=MOBILE))
    assert twins[0].pk == twins[1].pk
    return twins


def carry_cookies(one, other):
    """Put the cookies of one visitor into the other's browser."""
    for name, morsel in one.browser.cookies.items():
        other.browser.cookies[name] = morsel.value


# --- What was given out at one business (T1) -----------------------------------


def test_a_session_at_one_business_is_a_stranger_at_another(acme, globex, twins, visit):
    here, there = visit(acme), visit(globex)
    here.ask()
    here.type(here.code())
    assert here.home() == 200

    carry_cookies(here, there)

    for path_ in ("/", "/sessions/", "/profile/", "/profile/contact/", "/profile/confirm/"):
        assert there.browser.get(path_).headers.get("Location") == "/sign-in/", path_


def test_a_challenge_and_its_code_at_one_business_are_nothing_at_another(acme, globex, twins, visit, sessions_at):
    here, there = visit(acme), visit(globex)
    here.ask()
    code = here.code()
    carry_cookies(here, there)

    assert there.type(code).status_code == 409
    assert there.resend(channel="sms").status_code == 409
    assert here.challenge.failures == 0
    assert sessions_at(globex) == 0
    assert here.type(code).status_code == 302


def test_a_code_of_one_business_is_wrong_for_an_attempt_at_another(acme, globex, twins, visit):
    here, there = visit(acme), visit(globex)
    here.ask()
    there.ask()
    there.type(next(code for code in (here.code(), *there.wrong_codes()) if code != there.code()))

    assert there.challenge.failures == 1
    assert here.challenge.failures == 0


def test_a_confirmation_at_one_business_changes_no_card_at_another(acme, globex, twins, visit):
    here, there = visit(acme), visit(globex)
    for one in (here, there):
        one.ask()
        one.type(one.code())
    here.browser.post("/profile/contact/", {"identifier": "evil@example.com"})
    there.browser.cookies["confirmation"] = here.browser.cookies["confirmation"].value
    reader = visit(acme)
    reader.browser.cookies["challenge"] = here.browser.cookies["confirmation"].value

    assert there.browser.post("/profile/contact/code/", {"code": reader.code()}).status_code == 409
    with use_business(globex):
        assert set(twins[1].contacts.values_list("value", flat=True)) == {ANA, MOBILE}


def test_a_session_can_not_be_ended_by_its_key_from_another_business_or_by_another_client(acme, globex, twins, visit):
    with use_business(acme):
        ClientFactory(name="Bo Lind", email="bo@example.com")
    ana, bo, other_ana = visit(acme), visit(acme), visit(globex)
    for one, address in ((ana, ANA), (bo, "bo@example.com"), (other_ana, ANA)):
        one.ask(address)
        assert one.type(one.code()).status_code == 302
    with use_business(acme):
        key = ClientSession.objects.get(client__name__startswith="Ana").pk

    for stranger in (bo, other_ana):
        assert stranger.browser.post(f"/sessions/{key}/end/").status_code == 404
        assert stranger.browser.post("/sessions/end-others/").status_code == 302
    assert ana.home() == 200


def test_ending_all_sessions_of_a_client_spares_their_twin(acme, globex, twins, visit):
    from portal.access import services

    here, there = visit(acme), visit(globex)
    for one in (here, there):
        one.ask()
        one.type(one.code())
    with use_business(acme):
        services.archive_client(client=twins[0], now=timezone.now())

    assert (here.home(), there.home()) == (302, 200)


def test_a_browser_known_at_one_business_is_unknown_at_another(acme, globex, twins, visit):
    here, there = visit(acme), visit(globex)
    here.ask()
    here.type(here.code())
    carry_cookies(here, there)
    there.ask()

    assert there.challenge.recognised is False


def test_the_choice_behind_a_shared_mailbox_never_reaches_another_business(acme, globex, visit, sessions_at):
    for business in (acme, globex):
        with use_business(business):
            people = [ClientFactory(email="family@example.com") for _one in range(2)]
    here, there = visit(acme), visit(globex)
    here.ask("family@example.com")
    here.type(here.code())
    carry_cookies(here, there)

    assert there.browser.post("/sign-in/who/", {"client": str(people[0].pk)}).status_code == 409
    assert sessions_at(globex) == 0


# --- Threads, connections and errors (T2) --------------------------------------


class Mishap(Exception):
    """What goes wrong at random."""


def write_and_maybe_fail(request: HttpRequest) -> HttpResponse:
    """Write a row that names the business asked for, twice, and break off at random."""
    dice = random.Random(request.headers["X-Dice"])
    for _row in range(2):
        Client.objects.create(name=request.get_host(), created_at=timezone.now())
        if dice.random() < 0.25:
            raise Mishap
        if dice.random() < 0.25:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        if dice.random() < 0.1:
            connection.close()
        if dice.random() < 0.1:
            raise SystemError
    return HttpResponse(connection.schema_name)


urlpatterns = [path("write/", write_and_maybe_fail)]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_whatever_goes_wrong_in_64_threads_every_row_lands_in_its_own_schema(committed_db, acme, globex, settings):
    settings.PORTAL_URLCONF = __name__
    pair = {"acme.localhost": acme, "globex.localhost": globex}

    def work(number):
        dice, seen = random.Random(number), []
        for turn in range(12):
            host = dice.choice(list(pair))
            browser = Browser(headers={"host": host, "x-dice": f"{number}/{turn}"}, raise_request_exception=False)
            answer = browser.get("/write/")
            if answer.status_code == 200:
                seen.append(answer.content.decode() == pair[host].schema_name)
            try:
                with use_business(pair[host]):
                    Client.objects.create(name=host, created_at=timezone.now())
                    with use_business(dice.choice([acme, globex])), use_public():
                        if dice.random() < 0.5:
                            raise Mishap
            except Mishap:
                pass
            seen.append((connection.schema_name, current_business()) == ("public", None))
        return seen

    seen = at_once(work, range(THREADS), connections=THREADS)

    assert all(all(one) for one in seen)
    for host, business in pair.items():
        with use_business(business):
            assert set(Client.objects.values_list("name", flat=True)) == {host}
            assert Client.objects.count() > THREADS * 4


def test_a_failed_entry_leaves_nobody_in_a_business(acme):
    with pytest.raises(Mishap), use_business(acme), use_public(), use_business(acme):
        raise Mishap

    assert (connection.schema_name, current_business()) == ("public", None)


def test_after_a_request_that_failed_the_thread_is_back_in_public(acme, settings):
    settings.PORTAL_URLCONF = __name__
    browser = Browser(headers={"host": "acme.localhost"}, raise_request_exception=False)

    assert browser.get("/write/").status_code == 500, "without its dice the view breaks off at once"
    assert (connection.schema_name, current_business()) == ("public", None)


# --- Jobs (T6, T7) ---------------------------------------------------------------


@pytest.fixture
def works():
    """A queue with our middleware and a single worker thread, and the actors that jobs are tried with."""
    import dramatiq
    from dramatiq.brokers.stub import StubBroker

    from workers.broker import _middleware
    from workers.tenancy import business_actor

    broker = StubBroker(middleware=_middleware())
    broker.emit_after("process_boot")
    once = {"queue_name": "tries", "max_retries": 0, "broker": broker}
    seen: list[tuple[str, str]] = []

    @business_actor(**once)
    def look() -> None:
        seen.append(("look", connection.schema_name))
        Client.objects.create(name="written by a job", created_at=timezone.now())

    @business_actor(**once)
    def fail() -> None:
        seen.append(("fail", connection.schema_name))
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    @dramatiq.actor(**once)
    def look_in_public() -> None:
        seen.append(("public", connection.schema_name))
        Business.objects.count()

    @dramatiq.actor(**once)
    def hang_up() -> None:
        connection.close()

    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=20)
    worker.start()
    actors = {"look": look, "fail": fail, "public": look_in_public, "hang up": hang_up}

    def run(actor, **row_ids):
        broker.enqueue(actors[actor].message(**row_ids))
        broker.join("tries", timeout=20_000, fail_fast=False)
        worker.join()
        return len(broker.dead_letters)

    run.seen = seen
    yield run
    run("hang up")
    worker.stop()
    broker.close()


def test_a_job_after_one_that_failed_on_the_same_thread_works_in_its_own_schema(committed_db, acme, globex, works):
    works("fail", business_id=str(acme.pk))
    works("public")
    works("look", business_id=str(globex.pk))
    works("fail", business_id=str(globex.pk))
    works("look", business_id=str(acme.pk))
    works("public")

    a, g = acme.schema_name, globex.schema_name
    assert works.seen == [
        ("fail", a),
        ("public", "public"),
        ("look", g),
        ("fail", g),
        ("look", a),
        ("public", "public"),
    ]
    for business in (acme, globex):
        with use_business(business):
            assert Client.objects.count() == 1


def test_a_job_without_a_business_that_is_open_is_a_dead_letter(committed_db, acme, works):
    Business.objects.filter(pk=acme.pk).update(status=Business.Status.CLOSED)
    named = ["", None, "acme", ["x"], {}, 0, str(uuid.uuid4()), str(acme.pk)]

    assert works("look") == 1
    assert [works("look", business_id=name) for name in named] == list(range(2, len(named) + 2))
    assert works.seen == []


def test_a_job_still_works_after_its_business_has_moved(committed_db, acme, works):
    addresses.change_slug(business=acme, slug="acme-new", now=timezone.now())

    assert works("look", business_id=str(acme.pk)) == 0
    assert works.seen == [("look", acme.schema_name)]


def test_no_message_of_a_closed_business_is_sent_be_it_a_code_or_a_notice(acme, twins, visit, outbox):
    here = visit(acme)
    here.ask()
    here.type(here.code())
    visit(acme).ask()
    with use_business(acme):
        assert set(Message.objects.values_list("kind", flat=True)) == {"sign-in-code", "new-browser"}
    Business.objects.filter(pk=acme.pk).update(status=Business.Status.CLOSED)
    outbox.deliver_due()

    assert outbox.sent() == []


def test_a_message_is_looked_for_in_the_business_that_owes_it(acme, globex, twins, visit, outbox):
    for business in (acme, globex):
        visit(business).ask()
    outbox.deliver_due()

    assert {message["business"] for message in outbox.sent(ANA)} == {"acme", "globex"}
    for message in outbox.sent(ANA):
        assert f"{message['business']}.localhost" in message["text"]
        assert ("Acme" in message["text"]) == (message["business"] == "acme")


def test_a_delivery_that_names_a_message_of_another_business_sends_nothing(acme, globex, twins, visit, outbox):
    visit(acme).ask()
    Delivery.objects.update(business=globex)
    with suppress(ObjectDoesNotExist):
        outbox.deliver_due()

    assert outbox.sent() == []


# --- What is remembered (T12) ----------------------------------------------------


def test_colours_and_logos_are_each_businesss_own(acme, globex):
    from portal.profile.models import Logo

    for business, colour in ((acme, "#112233"), (globex, "#445566")):
        with use_business(business):
            Profile.objects.update(colour=colour, logo_digest="same")
            Logo.objects.create(id=1, image=business.name.encode())
    seen = {}
    for path_ in ("/theme.css?v=same", "/logo/?v=same"):
        for _time in range(2):
            seen[path_] = [
                Browser(headers={"host": f"{slug}.localhost"}).get(path_).content for slug in ("acme", "globex")
            ]

    assert b"#112233" in seen["/theme.css?v=same"][0]
    assert b"#112233" not in seen["/theme.css?v=same"][1]
    assert seen["/logo/?v=same"] == [b"Acme Physiotherapy", b"Globex Legal"]


def test_languages_are_each_businesss_own(acme, globex):
    for business, spoken in ((acme, ["de"]), (globex, ["en"])):
        with use_business(business):
            Profile.objects.update(languages=spoken)
    cache.clear()

    for slug, spoken in (("acme", "de"), ("globex", "en"), ("acme", "de")):
        assert Browser(headers={"host": f"{slug}.localhost"}).get("/sign-in/").headers["Content-Language"] == spoken


def test_a_limit_used_up_at_one_business_is_untouched_at_another(acme, globex, visit, settings):
    settings.LOGIN_ASKS_PER_IP = "3/10 minutes"
    same = {"REMOTE_ADDR": "192.0.2.7"}

    assert [visit(acme, **same).ask(f"{n}@example.com").status_code for n in range(4)] == [302] * 3 + [429]
    assert visit(globex, **same).ask("1@example.com").status_code == 302


def test_a_budget_used_up_at_one_business_is_untouched_at_another(acme, globex, twins, visit):
    assert [visit(acme).ask().status_code for _ask in range(6)] == [302] * 5 + [429]
    assert visit(globex).ask().status_code == 302


def test_attack_mode_at_one_business_is_not_anothers(acme, globex, visit):
    Business.objects.filter(pk=acme.pk).update(attack_until=timezone.now() + timedelta(hours=1))
    addresses.invalidate()

    assert visit(acme).ask().status_code == 429
    assert visit(globex).ask().status_code == 302


def test_what_was_prepared_at_one_business_is_asked_of_the_other_one(acme, globex, twins, visit):
    """Statements are put together once per process; each must still run where it is asked."""
    for business, other in ((acme, globex), (globex, acme)) * 2:
        visitor = visit(business)
        visitor.ask()
        assert visitor.type(visitor.code()).status_code == 302
        page = visitor.browser.get("/profile/").content.decode()
        assert business.name in page
        assert other.name not in page
    for business in (acme, globex):
        with use_business(business):
            assert (Challenge.objects.count(), ClientSession.objects.count()) == (2, 2)
