"""Recognises public suffixes, such as co.uk and github.io: domains below which anybody can register a name."""

from functools import cache

from publicsuffixlist import PublicSuffixList


def is_public_suffix(domain: str) -> bool:
    """Return whether a domain (IDNA-encoded) is a public suffix, of a registry or of a company.

    The list comes with its package, so nothing is downloaded.
    """
    return _load_suffixes().privatesuffix(domain) is None


@cache
def _load_suffixes() -> PublicSuffixList:
    return PublicSuffixList()
