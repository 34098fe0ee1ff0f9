"""The declaration of a way to sign in besides codes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SignInMethod:
    """A way to sign in besides codes: its parts of the sign-in page, the page of the client's devices and the card.

    `build_devices_context` is the path of a function (request) that returns what `devices_template` reads as `card`;
    `build_card_context` is that of a function (client) for `card_template`, which staff see below the sessions.
    `revoke` is the path of a function that removes what depends on an address that was taken off a card, and returns
    the labels of what it removed; it takes the arguments of `portal.clients.services.sign_in_methods`. Lower positions
    come first.
    """

    sign_in_template: str
    devices_template: str
    build_devices_context: str = ""
    card_template: str = ""
    build_card_context: str = ""
    revoke: str = ""
    position: int = 100
