"""Finding and redacting mentions of one person in texts that others wrote.

A text is about the person if it has an address that is theirs alone, in whatever spelling, or one that they share
beside their name. A name alone is never enough: others may have it, too.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import phonenumbers

from portal.ui.name_folding import fold_name, is_word_char, list_name_words
from tenants.domain_names import decode_domain
from tenants.nouns.personal_data_policies import PersonIdentity
from tenants.text_cleaning import normalise_text, to_ascii_digits

# Stands in a text for what was removed from it, in every language.
REDACTED = "[…]"
# What may stand between two digits of a number, three characters at most.
SEPARATOR = r"[\s()./\-\u00a0\u2010-\u2015]{0,3}"
FOREIGN_PREFIX = re.compile(rf"(?:\+|\b00)[\s()]*\d{{1,3}}{SEPARATOR}$")
# A number of fewer digits is looked for with its area's prefix only: it might be any other figure.
MIN_BARE_DIGITS = 8
# As many of a number's last digits are looked for in SQL.
SQL_DIGITS = 7
NOBODY = re.compile(r"(?!)")
NOT_PLAIN = re.compile(r"[^a-z0-9]+")


class MentionMatcher:
    """Finds one person in texts, by the addresses and names of their identity."""

    def __init__(self, person: PersonIdentity):
        self._country = person.country
        self._own = self._compile_addresses(person.addresses)
        self._shared = self._compile_addresses(person.shared_addresses)
        self._names = _compile_names(person.names)
        self._name_words = [set(list_name_words(name)) for name in person.names]
        self._unique_names = {fold_name(name) for name in person.unique_names}
        self._traces = _list_traces({*person.addresses, *person.shared_addresses})
        self.sql_pattern = _build_sql_pattern({*person.addresses, *person.shared_addresses})

    def is_about(self, text: str) -> bool:
        """Tell whether a text has an address of the person, beside their name if others have the address, too."""
        return self._has_trace(text) and any(self._is_about(spelling) for spelling in _list_spellings(text))

    def has_name(self, text: str) -> bool:
        """Tell whether a text has every word of one of the person's names."""
        words = set(list_name_words(text))
        return any(name and name <= words for name in self._name_words)

    def has_address(self, text: str) -> bool:
        """Tell whether a text has an address of the person that is theirs alone."""
        return any(_matches(self._own, spelling) for spelling in _list_spellings(text))

    def has_shared_address(self, text: str) -> bool:
        """Tell whether a text has an address that the person shares, or that only a form claims."""
        return any(_matches(self._shared, spelling) for spelling in _list_spellings(text))

    def is_search_for(self, text: str) -> bool:
        """Tell whether somebody who searched for this text wanted the person, as no other client has their name."""
        return fold_name(text) in self._unique_names or self.is_about(text)

    def redact(self, text: str) -> str:
        """Return a text without the person's own addresses and, if it is about them, without their name."""
        for spelling in _list_spellings(text):
            if self._is_about(spelling):
                return self._remove_mentions(spelling)
        return text

    def redact_json(self, value: Any) -> Any:
        """Return a value of a JSON column in which no text mentions the person, judged by all of its texts."""
        is_about = self.is_about(json.dumps(value, ensure_ascii=False))
        return map_texts(value, self._remove_mentions) if is_about else value

    def _has_trace(self, text: str) -> bool:
        """Tell whether a text may have an address: most have none, which shows before the patterns are tried."""
        plain = _reduce_text(text)
        return any(trace in plain for trace in self._traces)

    def _is_about(self, text: str) -> bool:
        return _matches(self._own, text) or (_matches(self._shared, text) and self.has_name(text))

    def _remove_mentions(self, text: str) -> str:
        for spelling in _list_spellings(text):
            text = spelling if _matches(self._own, spelling) else text
        redacted = self._own.sub(_replace_unless_foreign, text)
        return self._names.sub(_replace_whole_words, redacted)

    def _compile_addresses(self, values: Iterable[str]) -> re.Pattern:
        patterns = [
            _build_email_pattern(value) if "@" in value else _build_phone_pattern(value, self._country)
            for value in sorted(values)
        ]
        return re.compile("|".join(patterns), re.IGNORECASE) if patterns else NOBODY


def map_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return a JSON value with each of its texts changed; keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [map_texts(item, change) for item in value]
    if isinstance(value, dict):
        return {key: map_texts(item, change) for key, item in value.items()}
    return value


def _matches(pattern: re.Pattern, text: str) -> bool:
    return any(not _is_foreign(found) for found in pattern.finditer(text))


def _is_foreign(found: re.Match) -> bool:
    """Return whether a number that was found is the end of one with another calling code."""
    return "@" not in found[0] and bool(FOREIGN_PREFIX.search(found.string[: found.start()]))


def _replace_unless_foreign(found: re.Match) -> str:
    return found[0] if _is_foreign(found) else REDACTED


def _replace_whole_words(found: re.Match) -> str:
    """Return what stands for a name, or the name itself where marks make it a part of another word."""
    text, (start, end) = found.string, found.span()
    return found[0] if any(map(is_word_char, text[max(0, start - 1) : start] + text[end : end + 1])) else REDACTED


def _list_spellings(text: str) -> list[str]:
    """Return a text as it is, and as it reads without odd characters: full-width letters, digits of other scripts."""
    if text.isascii():
        return [text]
    plain = to_ascii_digits(normalise_text(text))
    return [text] if plain == text else [text, plain]


def _reduce_text(text: str) -> str:
    """Return the letters a to z and the digits of a text, whatever case, accents, marks and separators it has."""
    if not text.isascii():
        text = to_ascii_digits(unicodedata.normalize("NFKD", text)).casefold().replace("ı", "i")
    return NOT_PLAIN.sub("", text.lower())


def _list_traces(values: Iterable[str]) -> set[str]:
    """Return texts of which each mention of an address has one, once it is reduced."""
    traces: set[str] = set()
    for value in values:
        local, at, domain = value.rpartition("@")
        if not at:
            traces.add(str(phonenumbers.national_significant_number(phonenumbers.parse(value))))
            continue
        # What stands before a plus sign is apart from the rest, where the sign is percent-encoded.
        end = _reduce_text(local.rpartition("+")[2])
        domains = {_reduce_text(form) for form in _list_domain_forms(domain)}
        traces |= {f"{end}{sign}{one}" for sign in ("", "40") for one in domains}
    return traces


def _list_domain_forms(domain: str) -> set[str]:
    """Return a domain as it is stored, and as people write it: müller.de."""
    return {domain, decode_domain(domain)}


def _list_email_forms(value: str) -> list[str]:
    """Return the patterns of an email address, one for each form of its domain."""
    local, _at, domain = value.rpartition("@")
    # In a saved search an address is percent-encoded.
    local = re.escape(local).replace(r"\+", r"(?:\+|%2B)")
    return [f"{local}(?:@|%40){re.escape(one)}" for one in sorted(_list_domain_forms(domain))]


def _build_email_pattern(value: str) -> str:
    forms = "|".join(_list_email_forms(value))
    return rf"(?:(?<![\w.+\-])|(?<=%[0-9A-F][0-9A-F]))(?:{forms})(?![\w\-]|\.\w)"


def _build_phone_pattern(value: str, country: str) -> str:
    number = phonenumbers.parse(value)
    national = phonenumbers.national_significant_number(number)
    code = SEPARATOR.join(str(number.country_code))
    prefix = rf"(?:\+|%2B|(?:00|011){SEPARATOR})?{code}{SEPARATOR}(?:0{SEPARATOR})?"
    if phonenumbers.country_code_for_region(country) == number.country_code:
        trunk = phonenumbers.ndd_prefix_for_region(country, True) or ""
        is_optional = "?" if len(national) >= MIN_BARE_DIGITS else ""
        prefix = rf"{prefix}|(?:{trunk}{SEPARATOR}){is_optional}"
    return rf"(?<![\d+])(?:{prefix}){SEPARATOR.join(national)}(?!\d)"


def _compile_names(names: Iterable[str]) -> re.Pattern:
    """Return the pattern of the names, each also with its last word first."""
    gap, patterns = r"(?:\s|\+|%20)+", []
    for words in filter(None, (name.split() for name in sorted(names, key=len, reverse=True))):
        escaped = [re.escape(word) for word in words]
        patterns.append(gap.join(escaped))
        if len(words) > 1:
            patterns.append(rf"{escaped[-1]},?{gap}{gap.join(escaped[:-1])}")
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE) if patterns else NOBODY


def _build_sql_pattern(values: Iterable[str]) -> str:
    """Return a regular expression of PostgreSQL that every mention of an address matches, and little else."""
    patterns: list[str] = []
    for value in sorted(values):
        if "@" in value:
            patterns += _list_email_forms(value)
        else:
            patterns.append("[^0-9a-z]{0,3}".join(value[-SQL_DIGITS:]))
    return "|".join(patterns)
