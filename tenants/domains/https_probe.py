"""Checks over HTTPS that a domain pointing here serves its portal with a valid certificate."""

import ssl

import certifi
import urllib3
from django.conf import settings
from urllib3.exceptions import HTTPError, SSLError

from tenants.keyed_digests import KeyedDigest, compute_keyed_digest

PATH = "/.well-known/portico/"
TIMEOUT_SECONDS = 4.0
MAX_ANSWER_BYTES = 200


def derive_probe_token(host: str) -> str:
    """Return what a portal answers at PATH for this host: a keyed hash that no other server can compute."""
    return _digest_host(host).current.hex()


def probe_https(domain: str, address: str) -> str:
    """Request the token at one IP address: "ok", "invalid-certificate", "wrong-server" or "no-response".

    The caller passes one of our own addresses, so that a domain can't make us connect anywhere else.
    """
    try:
        answer = _build_probe_pool(domain, address).urlopen(
            "GET", PATH, headers={"Host": f"{domain}{settings.PUBLIC_PORT}"}, redirect=False, preload_content=False
        )
        body = answer.read(MAX_ANSWER_BYTES).decode("ascii", "replace")
        answer.close()
    except SSLError:
        return "invalid-certificate"
    except (HTTPError, OSError):
        return "no-response"
    return "ok" if body in {digest.hex() for digest in _digest_host(domain)} else "wrong-server"


def _digest_host(host: str) -> KeyedDigest:
    return compute_keyed_digest("tenants.domains.https_probe", host)


def _build_probe_pool(domain: str, address: str) -> urllib3.HTTPConnectionPool:
    port = int(settings.PUBLIC_PORT.removeprefix(":") or (443 if settings.HTTPS else 80))
    if not settings.HTTPS:
        return urllib3.HTTPConnectionPool(address, port, timeout=TIMEOUT_SECONDS, retries=False)
    trust = ssl.create_default_context()
    trust.load_verify_locations(certifi.where())
    return urllib3.HTTPSConnectionPool(
        address,
        port,
        timeout=TIMEOUT_SECONDS,
        retries=False,
        ssl_context=trust,
        server_hostname=domain,
        assert_hostname=domain,
    )
