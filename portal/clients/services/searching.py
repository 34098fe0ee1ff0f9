"""Which clients does somebody mean who typed a few words, and who set these filters?

Words are looked for as they are, anywhere in a card's search text. Where that finds nobody,
words that look alike are taken instead, so that a typo still finds its client.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import phonenumbers
from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Exists, F, Lookup, OuterRef, Q
from django.db.models.functions import Least

from portal.clients.models import Client, ClientQuerySet, Contact
from portal.clients.models.client import MAYBE_WITHOUT_MOBILE
from portal.clients.services.paging import HITS, with_rows
from portal.clients.services.search_text import fold

# In words of these lengths one slip leaves few parts as they were.
MEDDLED = range(4, 13)
# A word this short is looked for at the beginning of words only: the index knows no shorter parts.
SHORT = 2
PHONE_LIKE = re.compile(r"[+(]?[\d\s()./\-]{3,}")
SEEN = {"week": timedelta(days=7), "month": timedelta(days=30), "quarter": timedelta(days=90)}


class Like(Lookup):
    """Whether a text has a part that fits a pattern, `_` for any sign."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return `search LIKE pattern`."""
        (left, left_params), (right, right_params) = (
            self.process_lhs(compiler, connection),
            self.process_rhs(compiler, connection),
        )
        return f"{left} LIKE {right}", [*left_params, *right_params]


@dataclass(frozen=True)
class Question:
    """What is asked of the client list. Empty words and filters ask for everybody who isn't archived."""

    words: str = ""
    status: str = ""
    tags: tuple[UUID, ...] = ()
    source: str = ""
    sign_in: str = ""
    mobile: str = ""
    seen: str = ""
    custom: dict[str, str | bool] = field(default_factory=dict)

    @property
    def is_filtered(self) -> bool:
        """Tell whether anything but words narrows the list."""
        return any((self.status, self.tags, self.source, self.sign_in, self.mobile, self.seen, self.custom))


def filtered(question: Question, *, now: datetime) -> ClientQuerySet:
    """Return the listed clients whom a question's filters let through, whatever its words."""
    clients = Client.objects.listed().filter(_status(question.status))
    for tag in question.tags:
        clients = clients.filter(Exists(Client.tags.through.objects.filter(client=OuterRef("pk"), tag=tag)))
    if question.source:
        clients = clients.filter(source=question.source)
    if question.sign_in:
        can = Q(status=Client.Status.ACTIVE) & Q(Exists(_contacts(may_sign_in=True)))
        clients = clients.filter(can if question.sign_in == "yes" else ~can)
    if question.mobile:
        has = Q(Exists(_contacts(kind=Contact.Kind.PHONE)))
        clients = clients.filter(has if question.mobile == "yes" else MAYBE_WITHOUT_MOBILE & ~has)
    if question.custom:
        clients = clients.filter(custom__contains=question.custom)
    return clients.filter(_seen(question.seen, now))


def matching(question: Question, *, country: str, now: datetime) -> ClientQuerySet:
    """Return the clients who have every word of a question on their card."""
    clients = filtered(question, now=now)
    for word in words_of(question.words, country=country):
        clients = clients.filter(_has(word))
    return clients


def alike(question: Question, *, country: str, now: datetime) -> list[Client]:
    """Return up to HITS rows of clients whose cards have words that look like the question's, the most alike first.

    Words that share enough of their parts come first; where there are none, words with one slip in them.
    """
    asked = words_of(question.words, country=country)
    # A number is right or wrong; only words have something like them.
    words = [word for word in asked if len(word) > SHORT and not word.strip("+").isdigit()]
    if not words:
        return []
    clients = filtered(question, now=now).filter(*[_has(word) for word in asked if word not in words])
    likeness = [TrigramWordSimilarity(word, "search") for word in words]
    clients = with_rows(clients).annotate(likeness=Least(*likeness) if len(words) > 1 else likeness[0])
    clients = clients.order_by(F("likeness").desc(), "pk")
    found = list(clients.filter(*[_sounds_like(word) for word in words])[:HITS])
    return found or list(clients.filter(*[_slipped(word) for word in words])[:HITS])


def words_of(typed: str, *, country: str) -> list[str]:
    """Return what has to stand on a card: each word folded, or the bare digits of a phone number."""
    text = fold(typed)
    if PHONE_LIKE.fullmatch(text) and any(sign.isdigit() for sign in text):
        return [_digits(text, country)]
    return text.split()[:8]


def _digits(text: str, country: str) -> str:
    """Return the digits of a number as they stand within E.164, or of a part of one.

    Only what begins as numbers are dialled is read as a whole one: any other digits may come from its middle.
    """
    if text.lstrip("( ").startswith(("+", "0")):
        try:
            number = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            number = None
        if number and phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return re.sub(r"\D", "", text).lstrip("0") or "0"


def _has(word: str) -> Q:
    if len(word) > SHORT:
        return Q(search__contains=word)
    return Q(search__startswith=word) | Q(search__contains=f" {word}")


def _sounds_like(word: str) -> Q:
    """Ask for a word that has most of another's parts of three letters: PostgreSQL's own threshold, 0.6."""
    return Q(TrigramWordSimilar(F("search"), word))


def _slipped(word: str) -> Q:
    """Ask for a word with a letter wrong, missing or too many, or with two that changed places."""
    if len(word) not in MEDDLED:
        return _sounds_like(word)
    slip = Q()
    for place in range(1, len(word)):
        before, left, right, after = word[: place - 1], word[place - 1], word[place], word[place + 1 :]
        slip |= Q(search__contains=f"{before}{right}{left}{after}") | Q(search__contains=f"{before}{left}{after}")
        slip |= Q(Like(F("search"), _pattern(f"{before}{left}", after)))
        slip |= Q(Like(F("search"), _pattern(f"{before}{left}", f"{right}{after}")))
    return slip


def _pattern(before: str, after: str) -> str:
    escaped = (re.sub(r"([\\%_])", r"\\\1", part) for part in (before, after))
    return f"%{'_'.join(escaped)}%"


def _status(status: str) -> Q:
    if status == "all":
        return Q()
    return Q(status=status) if status else ~Q(status=Client.Status.ARCHIVED)


def _seen(seen: str, now: datetime) -> Q:
    if seen == "never":
        return Q(signed_in_at=None)
    if seen == "long-ago":
        return Q(signed_in_at__lt=now - SEEN["quarter"])
    return Q(signed_in_at__gte=now - SEEN[seen]) if seen in SEEN else Q()


def _contacts(**facts: object):
    return Contact.objects.filter(client=OuterRef("pk"), **facts)
