"""Can an owner hand a code over that opens one client's own browser, and nothing else?"""

from datetime import timedelta

import pytest

from portal.access import codes
from portal.access.models import Challenge, ClientSession
from portal.access.services import archive_client, issue_code
from portal.activity.models import Entry
from portal.clients.models import Contact
from portal.messaging.models import Message
from tenants.context import use_business
from tests.factories import ClientFactory, create_member
from tests.portal.access.sign_in import ANA, MOBILE, STRANGER, current_code, make_wrong_code
from tests.portal.messaging.people import staff_of
from tests.portal.signin_support.conftest import HELP, Waiting


@pytest.fixture
def hand(staff_client, ana):
    """Return a function that has a code handed over and returns the answer."""

    def hand(challenge, role="owner", client=ana):
        return staff_client(role).post(f"{HELP}clients/{client.pk}/attempts/{challenge.pk}/code/")

    return hand


def shown(answer) -> str:
    """Return the code on the page."""
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode().partition('id="handed">')[2].partition("<")[0]


def test_it_signs_the_client_in_at_the_browser_that_asked(hand, waiting, acme, ana):
    challenge = waiting.ask()

    assert waiting.type(shown(hand(challenge))).status_code == 302

    assert waiting.is_in
    with use_business(acme):
        assert ClientSession.objects.get().client == ana


def test_it_opens_no_other_browser(hand, waiting, acme, portal_client):
    code = shown(hand(waiting.ask()))
    other = Waiting(acme, portal_client(acme))
    other.ask()

    assert other.type(code).status_code == 422
    assert Waiting(acme, portal_client(acme)).type(code).status_code == 409
    assert not other.is_in


def test_it_is_not_the_code_that_was_sent(hand, waiting, acme):
    challenge = waiting.ask()
    code = shown(hand(challenge))

    with use_business(acme):
        assert code != current_code(challenge)
    assert len(code) == 6


def test_it_works_once_and_its_page_is_kept_nowhere(hand, waiting):
    challenge = waiting.ask()
    answer = hand(challenge)
    waiting.type(shown(answer))
    waiting.browser.post("/sign-out/")

    assert "no-store" in answer.headers["Cache-Control"]
    assert waiting.type(shown(answer)).status_code == 409
    assert hand(challenge).status_code == 302


def test_no_two_codes_are_alike_whatever_the_clocks_say(acme, ana, waiting, now):
    challenge = waiting.ask()
    with use_business(acme):
        facts = {"challenge_id": challenge.pk, "client": ana, "staff": staff_of(create_member(acme, "owner"))}
        instants = []
        for seconds in (2, 2, 1, 2):
            issue_code(**facts, now=now + timedelta(seconds=seconds))
            instants.append(Challenge.objects.get().code_issued_at)

    assert instants == sorted(set(instants))


def test_shown_again_the_first_one_is_dead(hand, waiting, acme):
    challenge = waiting.ask()
    first, second = shown(hand(challenge)), shown(hand(challenge))

    assert first != second
    assert waiting.type(first).status_code == 422
    assert waiting.type(second).status_code == 302


def test_it_works_for_ten_minutes(hand, waiting, acme):
    challenge = waiting.ask()
    code = shown(hand(challenge))
    with use_business(acme):
        old = Challenge.objects.get()
        # The code is derived from the instant it was shown at, so the clock is moved in the check alone.
        at = old.code_issued_at
        assert codes.match_code(old, code, now=at + timedelta(minutes=9, seconds=59)) == codes.STAFF_ISSUED
        assert codes.match_code(old, code, now=at + timedelta(minutes=10, seconds=1)) is None


def test_an_attempt_that_ends_sooner_gets_none(hand, waiting, later, acme):
    challenge = waiting.ask()
    later(timedelta(minutes=11))

    assert hand(challenge).status_code == 302
    with use_business(acme):
        assert Challenge.objects.get().code_issued_at is None


def test_guesses_count_as_ever(hand, waiting, acme):
    challenge = waiting.ask()
    code = shown(hand(challenge))
    for _guess in range(5):
        waiting.type(make_wrong_code(code))

    assert waiting.type(code).status_code == 409
    assert not waiting.is_in


def test_the_client_is_told_at_every_address_and_the_timeline_says_who(hand, waiting, acme, ana, outbox):
    code = shown(hand(waiting.ask()))
    outbox.deliver_due()

    with use_business(acme):
        told = set(Message.objects.filter(kind="code-issued").values_list("to", flat=True))
        line = Entry.objects.get(event_type="access.code-issued")
        everything = f"{list(Message.objects.values())}{list(Entry.objects.values())}{list(Challenge.objects.values())}"
    assert told == {ANA, MOBILE}
    assert (line.client_id, line.actor, line.actor_name) == (ana.pk, "staff", "Owner of Acme")
    assert code not in everything
    assert [mail for mail in outbox.sent() if code in f"{mail['subject']}{mail['text']}"] == []


@pytest.mark.parametrize("role", ["manager", "staff", "read-only"])
def test_only_an_owner_may(hand, waiting, role, acme):
    assert hand(waiting.ask(), role).status_code == 403
    with use_business(acme):
        assert Challenge.objects.get().code_issued_at is None


def test_nobody_on_file_nothing_to_hand_over(hand, waiting):
    assert hand(waiting.ask(STRANGER)).status_code == 404


def test_a_client_archived_meanwhile_stays_outside(hand, waiting, acme, ana, now):
    challenge = waiting.ask()
    code = shown(hand(challenge))
    with use_business(acme):
        archive_client(client=ana, now=now)

    assert waiting.type(code).status_code == 409
    assert not waiting.is_in


def test_of_those_who_share_an_address_only_the_chosen_one_gets_in(hand, waiting, acme, ana):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email=ANA)
    challenge = waiting.ask()

    assert waiting.type(shown(hand(challenge, client=bo))).headers["Location"] == "/"

    with use_business(acme):
        assert ClientSession.objects.get().client == bo


def test_an_address_that_may_no_longer_sign_in_gets_none(hand, waiting, acme):
    challenge = waiting.ask()
    with use_business(acme):
        Contact.objects.filter(value=ANA).update(may_sign_in=False)

    assert hand(challenge).status_code == 302
    with use_business(acme):
        assert Challenge.objects.get().code_issued_at is None


def test_an_attempt_whose_key_is_gone_gets_none(hand, waiting, acme, settings):
    challenge = waiting.ask()
    settings.LOGIN_CODE_KEYS = {"other": b"0" * 32}

    assert hand(challenge).status_code == 302
