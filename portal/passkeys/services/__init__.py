"""The services of passkeys; other packages import them from here."""

from portal.passkeys.services.listing import ListedPasskey, list_passkeys, query_passkeys
from portal.passkeys.services.offers import dismiss_offer, is_offered
from portal.passkeys.services.registration import (
    MAX_ADDED_PER_DAY,
    MAX_PASSKEYS,
    PasskeyNotAdded,
    TooManyPasskeys,
    add_passkey,
    begin_registration,
    check_may_add_passkey,
)
from portal.passkeys.services.relying_parties import RelyingParty, get_relying_party
from portal.passkeys.services.removal import remove_passkey, remove_passkeys_of_address
from portal.passkeys.services.sign_in import PasskeyRejected, begin_sign_in, sign_in_with_passkey

__all__ = [
    "MAX_ADDED_PER_DAY",
    "MAX_PASSKEYS",
    "ListedPasskey",
    "PasskeyNotAdded",
    "PasskeyRejected",
    "RelyingParty",
    "TooManyPasskeys",
    "add_passkey",
    "begin_registration",
    "begin_sign_in",
    "check_may_add_passkey",
    "dismiss_offer",
    "get_relying_party",
    "is_offered",
    "list_passkeys",
    "query_passkeys",
    "remove_passkey",
    "remove_passkeys_of_address",
    "sign_in_with_passkey",
]
