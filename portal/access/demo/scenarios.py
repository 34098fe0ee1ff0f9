"""Scenarios of signing in, successful and failed, with a weight for how often each one happens."""

from typing import NamedTuple


class ScenarioStep(NamedTuple):
    """One action, the seconds since the first code was requested, and the reason if the action is a failure."""

    seconds: int
    action: str
    reason: str = ""


Scenario = tuple[ScenarioStep, ...]

CODE_ACCEPTED = (ScenarioStep(0, "request_code"), ScenarioStep(1, "accepted"))
CODE_DELIVERED = (*CODE_ACCEPTED, ScenarioStep(4, "delivered"))
CODE_RESENT = (ScenarioStep(190, "resend_code"), ScenarioStep(191, "accepted"), ScenarioStep(195, "delivered"))

SUCCESS = (*CODE_DELIVERED, ScenarioStep(38, "sign_in"))
SUCCESS_AND_SIGN_OUT = (*CODE_DELIVERED, ScenarioStep(29, "sign_in"), ScenarioStep(1260, "sign_out"))
ONE_WRONG_CODE = (*CODE_DELIVERED, ScenarioStep(25, "enter_wrong_code"), ScenarioStep(51, "sign_in"))
LOCKED_OUT = (*CODE_DELIVERED, *(ScenarioStep(20 + 12 * guess, "enter_wrong_code") for guess in range(5)))
UNKNOWN_ADDRESS = (ScenarioStep(0, "request_code"), ScenarioStep(190, "resend_code"))
DELAYED_MAIL = (*CODE_ACCEPTED, ScenarioStep(6, "deferred", "greylisted"), *CODE_RESENT, ScenarioStep(231, "sign_in"))

EMAIL_SCENARIOS = {
    SUCCESS: 12,
    SUCCESS_AND_SIGN_OUT: 5,
    ONE_WRONG_CODE: 3,
    DELAYED_MAIL: 2,
    CODE_DELIVERED: 1,
    LOCKED_OUT: 1,
    (*CODE_ACCEPTED, ScenarioStep(9, "bounced", "mailbox-full"), *CODE_RESENT, ScenarioStep(262, "sign_in")): 1,
    (*CODE_ACCEPTED, ScenarioStep(8, "bounced", "blocked")): 1,
}
SMS_SCENARIOS = {
    SUCCESS: 9,
    SUCCESS_AND_SIGN_OUT: 3,
    ONE_WRONG_CODE: 2,
    CODE_DELIVERED: 1,
    (*CODE_ACCEPTED, ScenarioStep(34, "bounced", "twilio-30003"), *CODE_RESENT, ScenarioStep(240, "sign_in")): 2,
    (*CODE_ACCEPTED, ScenarioStep(21, "bounced", "twilio-30008")): 1,
}
