"""What may be wrong with a browser's response before its signature is looked at."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import InvalidVersion
from webauthn.helpers.exceptions import WebAuthnException

# A response of an authenticator with the longest credential id and an attestation has some 10 kB.
MAX_RESPONSE_LENGTH = 20_000
# The library raises its own error for most; a key or certificate that can't be read raises what its parser does. Some
# browsers send a certificate although we ask for none.
MALFORMED_RESPONSE = (
    WebAuthnException,
    UnsupportedAlgorithm,
    InvalidVersion,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
)
