"""Scenarios of signing in, successful and failed, with a weight for how often each one happens."""

from typing import NamedTuple


class SimulatedStep(NamedTuple):
    """One action, the seconds since the first code was requested, and the reason if the action is a failure."""

    seconds: int
    action: str
    reason: str = ""


Scenario = tuple[SimulatedStep, ...]

CODE_ACCEPTED = (SimulatedStep(0, "request_code"), SimulatedStep(1, "accepted"))
CODE_DELIVERED = (*CODE_ACCEPTED, SimulatedStep(4, "delivered"))
CODE_RESENT = (SimulatedStep(190, "resend_code"), SimulatedStep(191, "accepted"), SimulatedStep(195, "delivered"))

SUCCESS = (*CODE_DELIVERED, SimulatedStep(38, "sign_in"))
SUCCESS_AND_SIGN_OUT = (*CODE_DELIVERED, SimulatedStep(29, "sign_in"), SimulatedStep(1260, "sign_out"))
ONE_WRONG_CODE = (*CODE_DELIVERED, SimulatedStep(25, "enter_wrong_code"), SimulatedStep(51, "sign_in"))
LOCKED_OUT = (*CODE_DELIVERED, *(SimulatedStep(20 + 12 * guess, "enter_wrong_code") for guess in range(5)))
UNKNOWN_ADDRESS = (SimulatedStep(0, "request_code"), SimulatedStep(190, "resend_code"))
DELAYED_MAIL = (*CODE_ACCEPTED, SimulatedStep(6, "deferred", "greylisted"), *CODE_RESENT, SimulatedStep(231, "sign_in"))

EMAIL_SCENARIOS = {
    SUCCESS: 12,
    SUCCESS_AND_SIGN_OUT: 5,
    ONE_WRONG_CODE: 3,
    DELAYED_MAIL: 2,
    CODE_DELIVERED: 1,
    LOCKED_OUT: 1,
    (*CODE_ACCEPTED, SimulatedStep(9, "bounced", "mailbox-full"), *CODE_RESENT, SimulatedStep(262, "sign_in")): 1,
    (*CODE_ACCEPTED, SimulatedStep(8, "bounced", "blocked")): 1,
}
SMS_SCENARIOS = {
    SUCCESS: 9,
    SUCCESS_AND_SIGN_OUT: 3,
    ONE_WRONG_CODE: 2,
    CODE_DELIVERED: 1,
    (*CODE_ACCEPTED, SimulatedStep(34, "bounced", "twilio-30003"), *CODE_RESENT, SimulatedStep(240, "sign_in")): 2,
    (*CODE_ACCEPTED, SimulatedStep(21, "bounced", "twilio-30008")): 1,
}
