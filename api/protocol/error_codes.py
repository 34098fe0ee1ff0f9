"""Every error that the API answers: its code, which never changes its meaning, its status and its title."""

from enum import Enum
from http import HTTPStatus


class ErrorCode(Enum):
    """One kind of problem. The value's last part says what a caller can do about it; the documentation repeats it."""

    MALFORMED_REQUEST = (400, "The request can’t be read", "Send valid JSON in UTF-8.")
    INVALID_CURSOR = (400, "The cursor is not one of this list", "Start again without a cursor.")
    UNAUTHENTICATED = (401, "Nobody is signed in", "Send a valid key or token.")
    TOKEN_EXPIRED = (401, "The token has expired", "Get a new access token with your refresh token.")
    CSRF_FAILED = (403, "The CSRF token is missing or wrong", "Send the token of a form of the portal as X-CSRFToken.")
    CODE_NEEDED = (403, "A fresh code is needed", "Confirm with a code: POST /api/v1/me/reauthentication/challenges/.")
    FORBIDDEN = (403, "Not allowed", "Use a key with the scope that the operation names.")
    NETWORK_NOT_ALLOWED = (403, "Not allowed from this network", "Add your network to the key, in the console.")
    BUSINESS_SUSPENDED = (403, "The business is suspended", "Only reading is possible. Ask your operator.")
    NOT_AUTHOR = (403, "Written by somebody else", "Use a key that its author made.")
    NOT_FOUND = (404, "Not found", "Check the address and the id.")
    METHOD_NOT_ALLOWED = (405, "Method not allowed", "Use one of the methods in the header Allow.")
    NOT_ACCEPTABLE = (406, "No such representation", "Accept application/json.")
    REQUEST_TIMEOUT = (408, "The request took too long to arrive", "Send it again.")
    CONFLICT = (409, "In conflict with the present state", "Read the object again, then decide.")
    CHALLENGE_CLOSED = (409, "The code can’t be entered any more", "Start again: ask for a new code.")
    CLIENT_EXISTS = (409, "Another client has this address", "Use that client, or send `add_anyway` for another one.")
    MERGE_REFUSED = (409, "These clients can’t be merged", "Read both clients again.")
    STALE_MERGE_CHOICES = (409, "A choice is not open any more", "Read the preview of the merge again, then choose.")
    ERASURE_REFUSED = (409, "The client can’t be erased now", "Do what the problem’s detail says, then try again.")
    SLOT_UNAVAILABLE = (409, "The time can’t be booked", "Choose another time: `nearest` has those close to it.")
    BOOKING_NEEDS_CONFIRMATION = (409, "The time breaks rules", "Read `warnings`, then send `ignore_warnings` along.")
    CHANGE_WINDOW_CLOSED = (409, "It is too late to change it", "Contact the business.")
    IN_PROGRESS = (409, "The same request is still being processed", "Wait a second and send it again.")
    MOVED = (410, "The portal has a new address", "Use the address that the problem names.")
    PRECONDITION_FAILED = (412, "Changed by somebody else", "Read the object again, then send its new ETag.")
    TOO_LARGE = (413, "The request is too large", "Send less at once.")
    UNSUPPORTED_MEDIA_TYPE = (415, "No such content type", "Send application/json.")
    VALIDATION_FAILED = (422, "Some fields are wrong", "Mend the fields that `errors` names.")
    IDEMPOTENCY_KEY_REUSED = (422, "The key was used for another request", "Use a new Idempotency-Key.")
    WAIT_REQUIRED = (429, "Wait a moment first", "Wait as long as Retry-After says, then send `wait_token` along.")
    RATE_LIMITED = (429, "Too many requests", "Wait as long as Retry-After says.")
    SERVER_ERROR = (500, "Something went wrong", "Send it again later; tell us the request id if it stays.")
    UNAVAILABLE = (503, "Not available for a moment", "Wait as long as Retry-After says.")

    def __init__(self, status: int, title: str, remedy: str):
        self.status = HTTPStatus(status)
        self.title = title
        self.remedy = remedy

    @property
    def key(self) -> str:
        """Return the code as it stands in a problem document."""
        return self.name.lower()


# What a response of which only the status is known is called: those of the framework and of middleware.
CODE_BY_STATUS = {
    400: ErrorCode.MALFORMED_REQUEST,
    401: ErrorCode.UNAUTHENTICATED,
    403: ErrorCode.FORBIDDEN,
    404: ErrorCode.NOT_FOUND,
    405: ErrorCode.METHOD_NOT_ALLOWED,
    406: ErrorCode.NOT_ACCEPTABLE,
    408: ErrorCode.REQUEST_TIMEOUT,
    409: ErrorCode.CONFLICT,
    410: ErrorCode.MOVED,
    412: ErrorCode.PRECONDITION_FAILED,
    413: ErrorCode.TOO_LARGE,
    415: ErrorCode.UNSUPPORTED_MEDIA_TYPE,
    422: ErrorCode.VALIDATION_FAILED,
    429: ErrorCode.RATE_LIMITED,
    503: ErrorCode.UNAVAILABLE,
}
