"""An authenticator in software, with which tests make passkeys and sign as a phone or a security key would."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

USER_PRESENT, USER_VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, HAS_CREDENTIAL = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass
class StoredPasskey:
    """A passkey in the authenticator, with its secret half."""

    credential_id: bytes
    user_handle: bytes
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))


@dataclass
class SoftwareAuthenticator:
    """An authenticator with one passkey at most, used at one origin; without a counter, `count` is None.

    With a `certificate` it attests what it is, as it does in browsers that ignore that nobody asked for it.
    """

    origin: str
    verifies_user: bool = True
    backup_flags: int = 0
    count: int | None = 0
    passkey: StoredPasskey | None = None
    id_length: int = 32
    more_of_key: dict[int, bytes] = field(default_factory=dict)
    certificate: bytes = b""

    def create(self, options: dict[str, Any]) -> str:
        """Make a passkey and return the browser's response, as JSON."""
        self.passkey = StoredPasskey(secrets.token_bytes(self.id_length), base64url_to_bytes(options["user"]["id"]))
        public = self.passkey.key.public_key().public_numbers()
        cose_key = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        cose_key |= self.more_of_key
        credential_id = self.passkey.credential_id
        attested = bytes(16) + len(credential_id).to_bytes(2, "big") + credential_id + encode_cbor(cose_key)
        data = self._build_authenticator_data(options["rp"]["id"], HAS_CREDENTIAL) + attested
        statement = {"alg": -7, "sig": bytes(70), "x5c": [self.certificate]} if self.certificate else {}
        attestation = encode_cbor({"fmt": "packed" if statement else "none", "attStmt": statement, "authData": data})
        client_data = self._build_client_data("webauthn.create", options["challenge"])
        return self._build_response(clientDataJSON=client_data, attestationObject=attestation)

    def get(self, options: dict[str, Any]) -> str:
        """Sign a challenge and return the browser's response, as JSON."""
        assert self.passkey, "No passkey was made."
        data = self._build_authenticator_data(options["rpId"])
        client_data = self._build_client_data("webauthn.get", options["challenge"])
        signed = data + hashlib.sha256(client_data).digest()
        return self._build_response(
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=self.passkey.key.sign(signed, ec.ECDSA(hashes.SHA256())),
            userHandle=self.passkey.user_handle,
        )

    def _build_authenticator_data(self, rp_id: str, flags: int = 0) -> bytes:
        if self.count is not None:
            self.count += 1
        flags |= USER_PRESENT | self.backup_flags | (USER_VERIFIED if self.verifies_user else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + (self.count or 0).to_bytes(4, "big")

    def _build_client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _build_response(self, **response: bytes) -> str:
        assert self.passkey
        credential_id = bytes_to_base64url(self.passkey.credential_id)
        encoded = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": credential_id, "rawId": credential_id, "type": "public-key", "response": encoded})
