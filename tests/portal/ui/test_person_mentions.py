"""Tests that a person is found in texts in every spelling of their addresses, and nobody else is."""

import uuid

import pytest

from portal.ui import person_mentions
from portal.ui.person_mentions import MentionMatcher
from tenants.nouns.personal_data_policies import PersonIdentity

MATCHER = MentionMatcher(
    PersonIdentity(
        client_ids=(uuid.uuid4(),),
        names=frozenset({"Ana Pereira"}),
        unique_names=frozenset({"Ana Pereira"}),
        addresses=frozenset(
            {"ana+p@example.com", "jo@xn--mller-kva.de", "al@xn--strae-oqa.de", "di@xn--ls8h.la", "+491713920083"}
        ),
        shared_addresses=frozenset({"family@example.com"}),
        country="DE",
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "Write to ANA+P@Example.com.",
        "<ana+p@example.com>",
        "q=ana%2Bp%40example.com&tag=1",
        "q=x%20ana%2Bp%40example.com",
        "jo@müller.de",
        "jo@xn--mller-kva.de",
        "al@straße.de",
        "di@💩.la",
        "ＡＮＡ＋Ｐ＠example.com",
        "+491713920083",
        "call +49 171 392 00 83!",
        "0049 (0)171/392-0083",
        "ana+p@example.com\u0301",
        "Zoë: a\u200bna+p@ex\u00adample.com",
        "ＪＯ@Mu\u0308ller.de",
        "0171 - 392 00 83 (Mama)",
        "1713920083",
        "٠١٧١٣٩٢٠٠٨٣",
        "491713920083",
        "0172 1234567 0171 3920083",
        "0171\u00a03920083-12",
        "Pereira, Ana: family@example.com",
    ],
)
def test_a_spelling_of_an_address_is_found(text):
    assert MATCHER.is_about(text)
    assert "171" not in MATCHER.redact(text) or "0172" in text
    assert "ana" not in MATCHER.redact(text).casefold()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ana Pereira",
        "family@example.com",
        "Ben, family@example.com",
        "Anabel Pereirado family@example.com",
        "joana+p@example.com",
        "ana+p@example.com.au",
        "al@strasse.de",
        "ana+p@example.community",
        "+1 171 3920083",
        "0043 171 3920083",
        "0171 39200831",
        "10171 3920083",
        "171 392008",
    ],
)
def test_somebody_elses_address_is_not_found(text):
    assert not MATCHER.is_about(text)
    assert MATCHER.redact(text) == text


def test_a_short_number_is_found_with_its_areas_prefix_only():
    matcher = MentionMatcher(PersonIdentity((), addresses=frozenset({"+4930123456"}), country="DE"))
    assert matcher.is_about("030 12 34 56")
    assert not matcher.is_about("30123456") or len("30123456") >= 8
    short = MentionMatcher(PersonIdentity((), addresses=frozenset({"+49301234"}), country="DE"))
    assert short.is_about("030/1234")
    assert not short.is_about("order 301234")


def test_a_number_of_another_country_is_not_found_without_its_calling_code():
    matcher = MentionMatcher(PersonIdentity((), addresses=frozenset({"+447700900101"}), country="DE"))
    assert matcher.is_about("0044 7700 900101")
    assert not matcher.is_about("07700 900101")


def test_only_addresses_and_the_name_beside_them_are_removed():
    text = "Ana Pereira (Pereira, Ana) is at ana+p@example.com or 0171 3920083; Ben at +1 171 3920083."
    assert MATCHER.redact(text) == "[…] ([…]) is at […] or […]; Ben at +1 171 3920083."


def test_json_is_judged_as_a_whole_and_keeps_its_keys():
    value = {"Ana Pereira": ["Ana Pereira", 5, None, {"to": "ana+p@example.com"}]}
    assert MATCHER.redact_json(value) == {"Ana Pereira": ["[…]", 5, None, {"to": "[…]"}]}
    assert MATCHER.redact_json({"name": "Ana Pereira"}) == {"name": "Ana Pereira"}


def test_a_search_for_a_name_is_one_for_the_person_if_nobody_else_has_it():
    assert MATCHER.is_search_for("  ana  PEREIRA ")
    assert not MATCHER.is_search_for("ana")
    namesake = MentionMatcher(PersonIdentity((), names=frozenset({"Ana Pereira"})))
    assert not namesake.is_search_for("Ana Pereira")


def test_nobody_without_an_address_is_found_anywhere():
    nobody = MentionMatcher(PersonIdentity((), names=frozenset({"Ana Pereira", ""})))
    assert nobody.sql_pattern == ""
    assert not nobody.is_about("Ana Pereira, ana@example.com")


def test_a_text_without_a_trace_of_the_person_costs_no_search_by_patterns(monkeypatch):
    monkeypatch.setattr(person_mentions, "_matches", None)  # whoever searches fails
    assert not MATCHER.is_about("Jürgen Möller;juergen@example.com;0171 1234567;über das Knie\n")
    assert not MATCHER.is_about("Jon;jon@example.com;0171 1234567;\n")


@pytest.mark.parametrize(
    ("name", "other"),
    [("राम", "रमा"), ("राम", "रामी"), ("राम", "सिराम"), ("かとう", "がとう"), ("ரவ", "ரவி"), ("ขวญ", "ขวัญ")],
)
def test_a_mark_that_makes_another_name_makes_another_person(name, other):
    matcher = MentionMatcher(
        PersonIdentity((), frozenset({name}), frozenset({name}), frozenset({"a@example.com"}), country="DE")
    )

    assert not matcher.has_name(f"{other} a@example.com")
    assert not matcher.is_search_for(other)
    assert matcher.redact(f"{other} a@example.com") == f"{other} […]"
    assert matcher.redact(f"{name}, a@example.com") == "[…], […]"
