"""The table of the client API: who may use each operation."""

from api.schema.documents import PORTAL_SCHEMA
from tests.api.schema.operations import Operation, list_operations

# Who holds a challenge’s id may go on with it; a token is not looked at.
SIGN_IN = "whoever signs in"
# A token or a cookie may be sent, and has to be right then.
ANYBODY = "anybody"
CLIENT = "a client"

ACCESS = {
    "create_challenge": SIGN_IN,
    "answer_challenge": SIGN_IN,
    "choose_client": SIGN_IN,
    "resend_code": SIGN_IN,
    "create_sign_in_passkey_challenge": SIGN_IN,
    "sign_in_with_passkey": SIGN_IN,
    "refresh_tokens": SIGN_IN,
    "get_contact_form": ANYBODY,
    "send_contact_form": ANYBODY,
    "get_own_details": CLIENT,
    "update_own_details": CLIENT,
    "list_own_contacts": CLIENT,
    "create_contact_challenge": CLIENT,
    "answer_contact_challenge": CLIENT,
    "create_replacement_challenge": CLIENT,
    "answer_replacement_challenge": CLIENT,
    "create_reauthentication_challenge": CLIENT,
    "answer_reauthentication_challenge": CLIENT,
    "list_passkeys": CLIENT,
    "create_passkey_challenge": CLIENT,
    "add_passkey": CLIENT,
    "remove_passkey": CLIENT,
    "list_sessions": CLIENT,
    "end_other_sessions": CLIENT,
    "end_session": CLIENT,
    "list_messages": CLIENT,
    "send_message": CLIENT,
    "mark_messages_read": CLIENT,
    "list_services": ANYBODY,
    "list_slots": ANYBODY,
    "list_session_packages": CLIENT,
    "list_appointments": CLIENT,
    "get_appointment": CLIENT,
    "book_appointment": CLIENT,
    "reschedule_appointment": CLIENT,
    "cancel_appointment": CLIENT,
    "book_proposed_time": CLIENT,
    "list_waiting_list_entries": CLIENT,
    "create_waiting_list_entry": CLIENT,
    "withdraw_waiting_list_entry": CLIENT,
    "accept_offer": CLIENT,
    "decline_offer": CLIENT,
}
# Bodies of operations that look for an object of the client's, or open a challenge; others are tried with an empty one.
_NEW_ADDRESS = {"identifier": "ana@new.example"}
_CODE = {"code": "000000"}
FITTING_BODIES: dict[str, dict[str, str]] = {
    "create_challenge": {"identifier": "ana@example.com"},
    "create_sign_in_passkey_challenge": {},
    "create_contact_challenge": _NEW_ADDRESS,
    "create_replacement_challenge": _NEW_ADDRESS,
    "create_reauthentication_challenge": {},
    "answer_contact_challenge": _CODE,
    "answer_replacement_challenge": _CODE,
    "answer_reauthentication_challenge": _CODE,
    "remove_passkey": {},
    "end_session": {},
    "cancel_appointment": {},
    "book_proposed_time": {},
    "withdraw_waiting_list_entry": {},
    "accept_offer": {},
    "decline_offer": {},
}
# What the schema says of each: the ways to authenticate, of which one will do.
SECURITY: dict[str, list[dict[str, list[str]]]] = {
    SIGN_IN: [],
    ANYBODY: [{"accessToken": []}, {"portalCookie": []}, {}],
    CLIENT: [{"accessToken": []}, {"portalCookie": []}],
}
CLIENT_OPERATIONS: dict[str, Operation] = {operation.id: operation for operation in list_operations(PORTAL_SCHEMA)}
