"""What a check yields, and what several checks ask."""

from ipaddress import ip_address
from urllib.parse import urlsplit

# The name of a setting, and a sentence that says what is wrong with it.
Problem = tuple[str, str]


def is_local_host(host: str) -> bool:
    """Tell whether only this machine or its network knows a host."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host.rpartition(".")[2] in ("localhost", "test", "localdomain", "")


def extract_password(value: str) -> str:
    """Return the password of a URL, and any other value unchanged."""
    return urlsplit(value).password or "" if "://" in value else value
