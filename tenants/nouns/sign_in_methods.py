"""The declaration of a way to sign in besides codes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SignInMethod:
    """A way to sign in besides codes: its parts of the sign-in page and of the page of the client's devices.

    `build_devices_context` is the path of a function (request) that returns what `devices_template` reads as `card`.
    Lower positions come first.
    """

    sign_in_template: str
    devices_template: str
    build_devices_context: str = ""
    position: int = 100
