"""Tests that a code issued by an owner signs in one client at their own browser, and nobody else."""

from datetime import timedelta

import pytest

from portal.access import services as access
from portal.access import sign_in_codes
from portal.access.models import Challenge, ClientSession
from portal.access.services import archive_client
from portal.activity.models import Entry
from portal.clients.models import Contact
from portal.messaging.models import Message
from tenants.context import use_business
from tests.factories import ClientFactory, create_member
from tests.portal.access.sign_in_steps import ANA, MOBILE, STRANGER, current_code, make_wrong_code
from tests.portal.messaging.messaging_steps import build_staff_actor
from tests.portal.signin_support.conftest import SUPPORT_URL, SigningInClient


@pytest.fixture
def post_issued_code(staff_client, ana):
    """Return a function that has a code issued and returns the response."""

    def post_issued_code(challenge, role="owner", client=ana):
        return staff_client(role).post(f"{SUPPORT_URL}clients/{client.pk}/attempts/{challenge.pk}/code/")

    return post_issued_code


def read_shown_code(answer) -> str:
    """Return the code on the page."""
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode().partition('id="issued-code">')[2].partition("<")[0]


def test_an_issued_code_signs_the_client_in_on_the_requesting_browser(post_issued_code, signing_in_client, acme, ana):
    challenge = signing_in_client.request_code()

    assert signing_in_client.submit_code(read_shown_code(post_issued_code(challenge))).status_code == 302

    assert signing_in_client.is_signed_in
    with use_business(acme):
        assert ClientSession.objects.get().client == ana


def test_an_issued_code_does_not_work_in_another_browser(post_issued_code, signing_in_client, acme, portal_client):
    code = read_shown_code(post_issued_code(signing_in_client.request_code()))
    other = SigningInClient(acme, portal_client(acme))
    other.request_code()

    assert other.submit_code(code).status_code == 422
    assert SigningInClient(acme, portal_client(acme)).submit_code(code).status_code == 409
    assert not other.is_signed_in


def test_issued_code_differs_from_the_sent_code(post_issued_code, signing_in_client, acme):
    challenge = signing_in_client.request_code()
    code = read_shown_code(post_issued_code(challenge))

    with use_business(acme):
        assert code != current_code(challenge)
    assert len(code) == 6


def test_an_issued_code_works_once_and_its_page_is_not_cached(post_issued_code, signing_in_client):
    challenge = signing_in_client.request_code()
    answer = post_issued_code(challenge)
    signing_in_client.submit_code(read_shown_code(answer))
    signing_in_client.browser.post("/sign-out/")

    assert "no-store" in answer.headers["Cache-Control"]
    assert signing_in_client.submit_code(read_shown_code(answer)).status_code == 409
    assert post_issued_code(challenge).status_code == 302


def test_issued_codes_differ_even_if_the_clock_goes_back(acme, ana, signing_in_client, now):
    challenge = signing_in_client.request_code()
    with use_business(acme):
        fields = {"challenge_id": challenge.pk, "client": ana, "staff": build_staff_actor(create_member(acme, "owner"))}
        instants = []
        for seconds in (2, 2, 1, 2):
            access.issue_code(**fields, now=now + timedelta(seconds=seconds))
            instants.append(Challenge.objects.get().code_issued_at)

    assert instants == sorted(set(instants))


def test_a_second_code_invalidates_the_first(post_issued_code, signing_in_client, acme):
    challenge = signing_in_client.request_code()
    first, second = read_shown_code(post_issued_code(challenge)), read_shown_code(post_issued_code(challenge))

    assert first != second
    assert signing_in_client.submit_code(first).status_code == 422
    assert signing_in_client.submit_code(second).status_code == 302


def test_issued_code_works_for_ten_minutes(post_issued_code, signing_in_client, acme):
    challenge = signing_in_client.request_code()
    code = read_shown_code(post_issued_code(challenge))
    with use_business(acme):
        old = Challenge.objects.get()
        # The code is derived from the instant it was shown at, so the clock is moved in the check alone.
        at = old.code_issued_at
        assert (
            sign_in_codes.match_code(old, code, now=at + timedelta(minutes=9, seconds=59)) == sign_in_codes.STAFF_ISSUED
        )
        assert sign_in_codes.match_code(old, code, now=at + timedelta(minutes=10, seconds=1)) is None


def test_no_code_is_issued_for_an_attempt_that_expires_before_the_code(
    post_issued_code, signing_in_client, make_older, acme
):
    challenge = signing_in_client.request_code()
    make_older(timedelta(minutes=11))

    assert post_issued_code(challenge).status_code == 302
    with use_business(acme):
        assert Challenge.objects.get().code_issued_at is None


def test_wrong_guesses_of_an_issued_code_are_counted(post_issued_code, signing_in_client, acme):
    challenge = signing_in_client.request_code()
    code = read_shown_code(post_issued_code(challenge))
    for _guess in range(5):
        signing_in_client.submit_code(make_wrong_code(code))

    assert signing_in_client.submit_code(code).status_code == 409
    assert not signing_in_client.is_signed_in


def test_the_client_is_notified_at_every_address_and_the_timeline_names_the_issuer(
    post_issued_code, signing_in_client, acme, ana, outbox
):
    code = read_shown_code(post_issued_code(signing_in_client.request_code()))
    outbox.deliver_due()

    with use_business(acme):
        notified = set(Message.objects.filter(kind="code-issued").values_list("to", flat=True))
        entry = Entry.objects.get(event_type="access.code-issued")
        everything = f"{list(Message.objects.values())}{list(Entry.objects.values())}{list(Challenge.objects.values())}"
    assert notified == {ANA, MOBILE}
    assert (entry.client_id, entry.actor, entry.actor_name) == (ana.pk, "staff", "Owner of Acme")
    assert code not in everything
    assert [mail for mail in outbox.sent() if code in f"{mail['subject']}{mail['text']}"] == []


@pytest.mark.parametrize("role", ["manager", "staff", "read-only"])
def test_only_an_owner_may_issue_a_code(post_issued_code, signing_in_client, role, acme):
    assert post_issued_code(signing_in_client.request_code(), role).status_code == 403
    with use_business(acme):
        assert Challenge.objects.get().code_issued_at is None


def test_no_code_is_issued_for_an_unknown_address(post_issued_code, signing_in_client):
    assert post_issued_code(signing_in_client.request_code(STRANGER)).status_code == 404


def test_a_client_archived_meanwhile_is_not_signed_in(post_issued_code, signing_in_client, acme, ana, now):
    challenge = signing_in_client.request_code()
    code = read_shown_code(post_issued_code(challenge))
    with use_business(acme):
        archive_client(client=ana, now=now)

    assert signing_in_client.submit_code(code).status_code == 409
    assert not signing_in_client.is_signed_in


def test_an_issued_code_signs_in_only_the_chosen_client_of_a_shared_address(
    post_issued_code, signing_in_client, acme, ana
):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email=ANA)
    challenge = signing_in_client.request_code()

    assert (
        signing_in_client.submit_code(read_shown_code(post_issued_code(challenge, client=bo))).headers["Location"]
        == "/"
    )

    with use_business(acme):
        assert ClientSession.objects.get().client == bo


def test_no_code_is_issued_for_an_address_not_allowed_to_sign_in(post_issued_code, signing_in_client, acme):
    challenge = signing_in_client.request_code()
    with use_business(acme):
        Contact.objects.filter(value=ANA).update(may_sign_in=False)

    assert post_issued_code(challenge).status_code == 302
    with use_business(acme):
        assert Challenge.objects.get().code_issued_at is None


def test_no_code_is_issued_when_the_key_was_retired(post_issued_code, signing_in_client, acme, settings):
    challenge = signing_in_client.request_code()
    settings.LOGIN_CODE_KEYS = {"other": b"0" * 32}

    assert post_issued_code(challenge).status_code == 302
