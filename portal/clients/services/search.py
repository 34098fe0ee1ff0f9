"""Search of the client list by text and filters.

Each term has to occur in a client's search text. Where no client has them all, `search_similar` finds
clients with similar terms, so that a typo still finds its client.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Exists, F, Lookup, OuterRef, Q
from django.db.models.functions import Least

from portal.clients.identifiers import looks_like_phone
from portal.clients.models import Client, ClientQuerySet, ClientStatus, Contact, ContactKind
from portal.clients.models.client import NO_MOBILE_CANDIDATES
from portal.clients.services.pagination import SEARCH_PAGE_SIZE, annotate_addresses_and_tags
from portal.ui.phone_numbers import InvalidPhoneNumber, parse_phone_number
from portal.ui.text_folding import fold_text
from tenants.text_cleaning import to_ascii_digits

# In terms of these lengths one typo changes most trigrams, so variants of the term are looked for instead.
TYPO_MATCH_LENGTHS = range(4, 13)
# A term this short is matched at the start of words only: the index has trigrams, nothing shorter.
MAX_PREFIX_TERM_LENGTH = 2
MIN_PHONE_LENGTH = 3
LAST_SIGN_IN_PERIODS = {"week": timedelta(days=7), "month": timedelta(days=30), "quarter": timedelta(days=90)}


class LikeCondition(Lookup):
    """SQL LIKE with a pattern of the caller's own, `_` for any character."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return `search LIKE pattern`."""
        (left, left_params), (right, right_params) = (
            self.process_lhs(compiler, connection),
            self.process_rhs(compiler, connection),
        )
        return f"{left} LIKE {right}", [*left_params, *right_params]


@dataclass(frozen=True)
class SearchQuery:
    """A text and filters for the client list. An empty one matches every client who isn't archived."""

    text: str = ""
    status: str = ""
    tags: tuple[UUID, ...] = ()
    source: str = ""
    can_sign_in: str = ""
    has_mobile: str = ""
    last_sign_in: str = ""
    custom: dict[str, str | bool] = field(default_factory=dict)

    @property
    def has_filters(self) -> bool:
        """Return whether any filter is set, whatever the text."""
        filters = self.status, self.tags, self.source, self.can_sign_in, self.has_mobile, self.last_sign_in, self.custom
        return any(filters)


def filter_clients(query: SearchQuery, *, now: datetime) -> ClientQuerySet:
    """Return the listed clients who match a query's filters, whatever its text."""
    clients = Client.objects.exclude_unlisted().filter(_build_status_condition(query.status))
    for tag in query.tags:
        clients = clients.filter(Exists(Client.tags.through.objects.filter(client=OuterRef("pk"), tag=tag)))
    if query.source:
        clients = clients.filter(source=query.source)
    if query.can_sign_in:
        can = Q(status=ClientStatus.ACTIVE) & Q(Exists(_build_contact_subquery(may_sign_in=True)))
        clients = clients.filter(can if query.can_sign_in == "yes" else ~can)
    if query.has_mobile:
        has = Q(Exists(_build_contact_subquery(kind=ContactKind.PHONE)))
        clients = clients.filter(has if query.has_mobile == "yes" else NO_MOBILE_CANDIDATES & ~has)
    if query.custom:
        clients = clients.filter(custom__contains=query.custom)
    return clients.filter(_build_last_sign_in_condition(query.last_sign_in, now))


def search_clients(query: SearchQuery, *, country: str, now: datetime) -> ClientQuerySet:
    """Return the clients who match a query's filters and have each of its terms in their search text."""
    clients = filter_clients(query, now=now)
    for term in split_terms(query.text, country=country):
        clients = clients.filter(_build_contains_condition(term))
    return clients


def search_similar(query: SearchQuery, *, country: str, now: datetime) -> list[Client]:
    """Return up to SEARCH_PAGE_SIZE clients with row data and terms similar to the query's, the most similar first.

    Terms are compared by trigrams first and, where that finds nobody, by one typo.
    """
    terms = split_terms(query.text, country=country)
    # Numbers have to match exactly; only words can be similar.
    words = [term for term in terms if len(term) > MAX_PREFIX_TERM_LENGTH and not term.strip("+").isdigit()]
    if not words:
        return []
    clients = filter_clients(query, now=now).filter(
        *[_build_contains_condition(term) for term in terms if term not in words]
    )
    similarities = [TrigramWordSimilarity(word, "search") for word in words]
    lowest = Least(*similarities) if len(words) > 1 else similarities[0]
    clients = annotate_addresses_and_tags(clients).annotate(similarity=lowest).order_by(F("similarity").desc(), "pk")
    found = list(clients.filter(*[_build_similarity_condition(word) for word in words])[:SEARCH_PAGE_SIZE])
    return found or list(clients.filter(*[_build_typo_condition(word) for word in words])[:SEARCH_PAGE_SIZE])


def split_terms(text: str, *, country: str) -> list[str]:
    """Return the terms to look for: each word folded, or the digits of a phone number as one term. Eight at most."""
    folded = to_ascii_digits(fold_text(text))
    if len(folded) >= MIN_PHONE_LENGTH and looks_like_phone(folded) and any(char.isdigit() for char in folded):
        return [_normalise_phone_digits(folded, country)]
    return folded.split()[:8]


def _normalise_phone_digits(text: str, country: str) -> str:
    """Return a number, or a part of one, as it occurs in E.164.

    Only digits with a dialling prefix are parsed as a whole number: others may come from the middle of one.
    """
    if text.lstrip("( ").startswith(("+", "0")):
        with suppress(InvalidPhoneNumber):
            return parse_phone_number(text, country=country)
    return re.sub(r"\D", "", text).lstrip("0") or "0"


def _build_contains_condition(term: str) -> Q:
    if len(term) > MAX_PREFIX_TERM_LENGTH:
        return Q(search__contains=term)
    return Q(search__startswith=term) | Q(search__contains=f" {term}")


def _build_similarity_condition(word: str) -> Q:
    """Match search texts that have a word similar to this one; PostgreSQL's default threshold is 0.6."""
    return Q(TrigramWordSimilar(F("search"), word))


def _build_typo_condition(word: str) -> Q:
    """Match search texts with this word but for one typo: a letter wrong, missing or added, or two swapped."""
    if len(word) not in TYPO_MATCH_LENGTHS:
        return _build_similarity_condition(word)
    typo = Q()
    for index in range(1, len(word)):
        before, left, right, after = word[: index - 1], word[index - 1], word[index], word[index + 1 :]
        typo |= Q(search__contains=f"{before}{right}{left}{after}") | Q(search__contains=f"{before}{left}{after}")
        typo |= Q(LikeCondition(F("search"), _build_like_pattern(f"{before}{left}", after)))
        typo |= Q(LikeCondition(F("search"), _build_like_pattern(f"{before}{left}", f"{right}{after}")))
    return typo


def _build_like_pattern(before: str, after: str) -> str:
    escaped = (re.sub(r"([\\%_])", r"\\\1", part) for part in (before, after))
    return f"%{'_'.join(escaped)}%"


def _build_status_condition(status: str) -> Q:
    if status == "all":
        return Q()
    return Q(status=status) if status else ~Q(status=ClientStatus.ARCHIVED)


def _build_last_sign_in_condition(period: str, now: datetime) -> Q:
    if period == "never":
        return Q(signed_in_at=None)
    if period == "long-ago":
        return Q(signed_in_at__lt=now - LAST_SIGN_IN_PERIODS["quarter"])
    return Q(signed_in_at__gte=now - LAST_SIGN_IN_PERIODS[period]) if period in LAST_SIGN_IN_PERIODS else Q()


def _build_contact_subquery(**conditions: object):
    return Contact.objects.filter(client=OuterRef("pk"), **conditions)
