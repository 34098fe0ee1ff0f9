"""Does a domain that points here show its portal, with a certificate that browsers accept?"""

import ssl

import certifi
import urllib3
from django.conf import settings
from django.utils.crypto import salted_hmac
from urllib3.exceptions import HTTPError, SSLError

PATH = "/.well-known/portico/"
TIMEOUT_SECONDS = 4.0
LONGEST_ANSWER = 200


def sign_of_life(host: str) -> str:
    """Return what our portals answer at PATH, which nobody without our key could."""
    return salted_hmac("tenants.domains.probe", host, algorithm="sha256").hexdigest()


def knock(domain: str, address: str) -> str:
    """Ask for the sign of life at one address: "ours", "certificate", "stranger" or "silent".

    The address is one that was seen to be ours, so a domain can't send us anywhere else.
    """
    try:
        answer = _pool(domain, address).urlopen(
            "GET", PATH, headers={"Host": f"{domain}{settings.PUBLIC_PORT}"}, redirect=False, preload_content=False
        )
        said = answer.read(LONGEST_ANSWER).decode("ascii", "replace")
        answer.close()
    except SSLError:
        return "certificate"
    except (HTTPError, OSError):
        return "silent"
    return "ours" if said == sign_of_life(domain) else "stranger"


def _pool(domain: str, address: str) -> urllib3.HTTPConnectionPool:
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
