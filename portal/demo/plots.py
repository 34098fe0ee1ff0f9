"""How does a sign-in usually go, and how does it go wrong? How often stands beside each plot."""

from typing import NamedTuple


class Step(NamedTuple):
    """What happens, how many seconds after the first code was asked for, and why if it went wrong."""

    after: int
    what: str
    reason: str = ""


Plot = tuple[Step, ...]

ASKED = (Step(0, "ask"), Step(1, "accepted"))
ARRIVED = (*ASKED, Step(4, "delivered"))
TRIED_AGAIN = (Step(190, "resend"), Step(191, "accepted"), Step(195, "delivered"))

SMOOTH = (*ARRIVED, Step(38, "in"))
SMOOTH_AND_OUT = (*ARRIVED, Step(29, "in"), Step(1260, "out"))
HASTY = (*ARRIVED, Step(25, "wrong"), Step(51, "in"))
LOCKED = (*ARRIVED, *(Step(20 + 12 * guess, "wrong") for guess in range(5)))
UNKNOWN = (Step(0, "ask"), Step(190, "resend"))
DELAYED = (*ASKED, Step(6, "deferred", "greylisted"), *TRIED_AGAIN, Step(231, "in"))

BY_EMAIL = {
    SMOOTH: 12,
    SMOOTH_AND_OUT: 5,
    HASTY: 3,
    DELAYED: 2,
    ARRIVED: 1,
    LOCKED: 1,
    (*ASKED, Step(9, "bounced", "mailbox-full"), *TRIED_AGAIN, Step(262, "in")): 1,
    (*ASKED, Step(8, "bounced", "blocked")): 1,
}
BY_SMS = {
    SMOOTH: 9,
    SMOOTH_AND_OUT: 3,
    HASTY: 2,
    ARRIVED: 1,
    (*ASKED, Step(34, "bounced", "twilio-30003"), *TRIED_AGAIN, Step(240, "in")): 2,
    (*ASKED, Step(21, "bounced", "twilio-30008")): 1,
}
