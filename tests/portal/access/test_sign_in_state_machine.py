"""A state machine test of signing in: a client, a thief, the clock, a provider and a killed worker, against a model."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.access import services
from portal.access.models import Challenge, ClientSession
from portal.access.sign_in_codes import derive_code
from tenants import provider_events
from tenants.context import use_business
from tenants.models import Business, Channel, Delivery, DeliveryState, ProviderEvent
from tenants.sliding_windows import RateLimitExceeded
from tests.factories import ClientFactory
from tests.portal.access.sign_in_model import (
    CODE_LIFETIME,
    EXPECTED_ERRORS,
    ChallengeExpectation,
    ScriptedProvider,
    WorkerKilled,
    has_share_left,
    is_over_guess_share,
)
from tests.portal.access.sign_in_steps import ANA, MOBILE, build_browser_tokens, request_code_for
from workers.actors import delivery_jobs

pytestmark = pytest.mark.slow

RESEND_WAIT = settings.LOGIN_RESEND_WAIT
MAX_OLD_CODES = 3
AFTER_LEASE = settings.DELIVERY_LEASE + timedelta(seconds=1)
REPORTED_STATES = [DeliveryState.ACCEPTED, DeliveryState.DEFERRED, DeliveryState.DELIVERED, DeliveryState.BOUNCED]


class SignInStateMachine(RuleBasedStateMachine):
    """Ana at one business, with one browser per challenge."""

    business: Business

    @initialize()
    def start_without_challenges(self):
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.challenges: list[ChallengeExpectation] = []
        self.sessions = 0
        self.codes: dict[tuple[object, int], str] = {}
        self.ranks: dict[object, int] = {}
        self.provider = ScriptedProvider(lambda: self.now)
        self._savepoint = transaction.atomic()
        self._savepoint.__enter__()
        self._monkeypatch = pytest.MonkeyPatch()
        self._monkeypatch.setattr(delivery_jobs, "list_providers_for_channel", lambda channel: [self.provider])
        with use_business(self.business):
            ClientFactory(name="Ana Pereira", email=ANA, mobile=MOBILE)
        self.request_code()

    def teardown(self):
        transaction.set_rollback(True)
        self._savepoint.__exit__(None, None, None)
        self._monkeypatch.undo()

    @property
    def current_challenge(self) -> ChallengeExpectation:
        return self.challenges[-1]

    # --- What happens ------------------------------------------------------------

    @rule()
    def request_code(self):
        sent = [at for attempt in self.challenges for at in attempt.sent]
        tried = [attempt.guessed_at or attempt.created_at for attempt in self.challenges]
        is_allowed = has_share_left(sent, now=self.now) and has_share_left(tried, now=self.now)
        result, error = self._call_in_business(lambda: request_code_for(self.business, ANA, now=self.now))
        assert bool(error) != is_allowed
        if error:
            assert error.retry_at > self.now
            return
        challenge, token = result
        self.challenges.append(ChallengeExpectation(challenge, token, self.now))

    @rule(channel=st.sampled_from(Channel))
    def resend_code(self, channel):
        attempt, is_refused = self.current_challenge, self._is_resend_refused(self.current_challenge, channel)
        _done, error = self._call_in_business(
            lambda: services.resend_code(
                business=self.business,
                token=attempt.token,
                channel=channel,
                browser_digest=b"",
                language="en",
                now=self.now,
            )
        )
        assert bool(error) == is_refused
        if not error:
            attempt.sent.append(self.now)
            attempt.channels_used.append(channel)

    @rule(age=st.integers(0, 2))
    def guess_a_code_that_was_sent(self, age):
        attempt, generation = self.current_challenge, max(0, len(self.current_challenge.sent) - 1 - age)
        is_right = generation in attempt.live_code_generations(self.now)
        self._guess_code(attempt, self._derive_code(attempt, generation), is_right=is_right)

    @rule()
    def guess_wrong(self):
        attempt = self.current_challenge
        codes = {self._derive_code(attempt, generation) for generation in range(len(attempt.sent))}
        wrong_code = next(code for n in range(9) if (code := f"{n:06d}") not in codes)
        self._guess_code(attempt, wrong_code, is_right=False)

    @precondition(lambda self: len(self.challenges) > 1)
    @rule(data=st.data())
    def guess_the_code_of_another_attempt(self, data):
        attempt, other = self.current_challenge, data.draw(st.sampled_from(self.challenges[:-1]))
        code = self._derive_code(other, 0)
        if code not in {self._derive_code(attempt, generation) for generation in range(len(attempt.sent))}:
            self._guess_code(attempt, code, is_right=False)

    @precondition(lambda self: any(attempt.is_verified for attempt in self.challenges))
    @rule()
    def replay_used_code(self):
        result = next(attempt for attempt in self.challenges if attempt.is_verified)
        for generation in range(len(result.sent)):
            self._guess_code(result, self._derive_code(result, generation), is_right=True)

    @rule(seconds=st.sampled_from([1, 16, 16, 60, 181, 181, 181, 599, 601, 1201, 3601]))
    def advance_clock(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule(
        does=st.lists(
            st.sampled_from(["accepts", "is busy", "is silent", "dies before", "dies after"]), min_size=1, max_size=5
        ),
        times=st.integers(1, 2),
    )
    def deliver_code(self, does, times):
        for self.provider.next in does:
            for delivery_id in self._list_delivery_ids() * times:
                try:
                    delivery_jobs.deliver_now(delivery_id, clock=lambda: self.now)
                except WorkerKilled:
                    assert self.provider.next.startswith("dies")
            self.now += AFTER_LEASE

    @precondition(lambda self: Delivery.objects.exists())
    @rule(states=st.lists(st.sampled_from(REPORTED_STATES), min_size=1, max_size=4), data=st.data())
    def provider_reports_states(self, states, data):
        delivery_id = data.draw(st.sampled_from(self._list_delivery_ids()))
        for state in states:
            event = ProviderEvent(
                provider="scripted",
                provider_event_id=str(uuid4()),
                delivery_id=delivery_id,
                state=state,
                happened_at=self.now,
                received_at=self.now,
            )
            for event_id in provider_events.store_events([event]) + provider_events.store_events([event]):
                delivery_jobs.apply_event(event_id, now=self.now)
                delivery_jobs.apply_event(event_id, now=self.now)
            self.what_is_known_of_a_delivery_never_falls_back()

    # --- What always holds -------------------------------------------------------

    @invariant()
    def counts_agree_with_the_model_and_codes_go_to_nobody_else(self):
        for attempt, challenge in self._pair_with_stored_challenges():
            assert challenge.failures <= settings.LOGIN_MAX_GUESSES
            assert len(challenge.sent_at) == len(attempt.sent) <= settings.LOGIN_MAX_SENDS
            assert challenge.failures == attempt.guesses
            assert set(challenge.destinations) <= {ANA, MOBILE, ""}
            assert (challenge.closed_at is not None) == attempt.is_verified

    @invariant()
    def an_attempt_opens_one_session_at_most(self):
        with use_business(self.business):
            assert ClientSession.objects.count() == self.sessions == sum(one.is_verified for one in self.challenges)

    @invariant()
    def a_generation_has_one_code_for_ever(self):
        for attempt, generation, code in self._sent_codes():
            assert self.codes.setdefault((attempt.pk, generation), code) == code

    @invariant()
    def a_message_carries_one_code_in_its_time_and_not_too_often(self):
        sent = {code: attempt.sent[generation] for attempt, generation, code in self._sent_codes()}
        for taken in self.provider.received.values():
            for code in {code for code in sent if any(code in text for _at, text in taken)}:
                assert all(code in text and at - sent[code] < CODE_LIFETIME for at, text in taken)
            assert len(taken) <= settings.DELIVERY_MAX_CALLS

    @invariant()
    def what_is_known_of_a_delivery_never_falls_back(self):
        pending = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNCLEAR)
        for pk, state in Delivery.objects.values_list("pk", "state"):
            before = self.ranks.get(pk, 0)
            assert state >= before or (state in pending and before in pending), f"{before} became {state}"
            self.ranks[pk] = state

    # --- Helpers -----------------------------------------------------------------

    def _call_in_business(self, action: Callable[[], Any]) -> tuple[Any, Any]:
        """Call a function inside the business; return its result, or the expected error it raised."""
        try:
            with use_business(self.business):
                return action(), None
        except EXPECTED_ERRORS as error:
            return None, error

    def _guess_code(self, attempt: ChallengeExpectation, typed: str, *, is_right: bool) -> None:
        was_open, is_over_limit = (
            attempt.accepts_codes(self.now),
            is_over_guess_share(attempt, self.challenges, now=self.now),
        )
        old_codes = {self._derive_code(attempt, one) for one in attempt.old_code_generations(self.now)}
        is_old = typed in old_codes and attempt.old_codes_entered < MAX_OLD_CODES
        _identity, error = self._call_in_business(
            lambda: services.verify_code(
                business=self.business,
                token=attempt.token,
                typed=typed,
                browser=build_browser_tokens(""),
                remember_me=False,
                now=self.now,
            )
        )
        assert isinstance(error, services.ChallengeClosed) != was_open
        if not was_open:
            return
        if is_old:
            assert isinstance(error, services.OldCodeEntered)
            attempt.old_codes_entered += 1
            return
        attempt.guessed_at = self.now
        assert isinstance(error, RateLimitExceeded) == is_over_limit
        if is_over_limit or not is_right:
            attempt.guesses += 1
            assert is_over_limit or error.guesses_left == settings.LOGIN_MAX_GUESSES - attempt.guesses
        else:
            assert error is None
            attempt.is_verified = True
            self.sessions += 1

    def _is_resend_refused(self, attempt: ChallengeExpectation, channel: Channel) -> bool:
        last = [at for at, used in zip(attempt.sent, attempt.channels_used, strict=True) if used == channel]
        return (
            not attempt.accepts_codes(self.now)
            or len(attempt.sent) >= settings.LOGIN_MAX_SENDS
            or bool(last and last[-1] + RESEND_WAIT > self.now)
            or not has_share_left([at for one in self.challenges for at in one.sent], now=self.now)
        )

    def _derive_code(self, attempt: ChallengeExpectation, generation: int) -> str:
        with use_business(self.business):
            return derive_code(Challenge.objects.get(pk=attempt.pk), generation)

    def _sent_codes(self):
        for attempt, challenge in self._pair_with_stored_challenges():
            for generation in range(len(attempt.sent)):
                yield attempt, generation, derive_code(challenge, generation)

    def _list_delivery_ids(self):
        return list(Delivery.objects.order_by("created_at", "queue").values_list("pk", flat=True))

    def _pair_with_stored_challenges(self):
        with use_business(self.business):
            found = Challenge.objects.in_bulk([attempt.pk for attempt in self.challenges])
        return [(attempt, found[attempt.pk]) for attempt in self.challenges]


def test_signing_in_behaves_like_its_model_for_any_sequence_of_actions(acme):
    machine = type("SigningInAtAcme", (SignInStateMachine,), {"business": acme})
    run_state_machine_as_test(
        machine,
        settings=hypothesis_settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
