"""What can't be seen goes from a text; what carries meaning stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.text_cleaning import clean_line, clean_lines, is_unseen, to_ascii_hyphens

KEPT = [
    "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627 \u06a9\u0631\u06cc\u0645\u06cc",  # Persian: Alireza Karimi
    "\u0d9a\u0dca\u200d\u0dbb\u0dd2\u0dc2\u0dcf\u0db1\u0dca\u0dad \u0dc1\u0dca\u200d\u0dbb\u0dd3",  # Sinhala
    "\u0928\u0928\u094d\u200d",  # an old half form at the end of a word
    "\u0995\u09cd\u200c\u09b7",  # Bengali, kept apart
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 Roth",  # a family
    "\U0001f469\U0001f3fd\u200d\U0001f680",  # with a skin tone
    "\u2764\ufe0f\u200d\U0001f525",  # a burning heart
    "1\ufe0f\u20e3",  # a keycap
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
    "\u845b\U000e0100\u57ce",  # Katsuragi, with the form of its first sign
    "\u05d3\u05bc\u05b8\u05e0\u05b4\u05d9\u05b5\u05bc\u05d0\u05dc",  # Daniel, with points
    "\u092a\u094d\u0930\u093f\u092f\u093e \u0936\u0930\u094d\u092e\u093e",
    "Nguye\u0302\u0303n Thi\u0323 Hu\u031bo\u031bng",
    "\u0660\u0661 \u0600\u0661",  # digits, and a sign of number that is seen
    "O'Neill, Pat Jr.",
    "=1+1",
    "<b>Bold</b> {{ business }} %s",
]
CLEANED = {
    "\u202eGROSS\u202c Ida": "GROSS Ida",
    "\u2067Ida\u2069": "Ida",
    "I\u200bda": "Ida",
    "I\u200d\u200cda": "Ida",
    "\u7530\u200c\u4e2d": "\u7530\u4e2d",
    "\ufeffIda": "Ida",
    "I\u00adda": "Ida",
    "Ida\u3164": "Ida",
    "\u115f\u1160\uffa0": "",
    "\u2800 \u3164": "",
    "Ida\u2800Brandt": "Ida Brandt",
    "I\U000e0064\U000e0061da": "Ida",
    "A\ufe0fna": "Ana",
    "e\ufe0f\u200d\U0001f525": "e\U0001f525",
    "An\x00a\x07": "Ana",
    "Ida\nBrandt": "Ida Brandt",
    "Ida\r\n\r\nBrandt": "Ida Brandt",
    "Ida\x0bBrandt\x1dJr": "Ida Brandt Jr",
    "Ida\u2028Brandt\u2029": "Ida Brandt",
    "  Ida \u00a0 Brandt\t": "Ida Brandt",
    "\u0639\u0644\u06cc\u200c\u200c\u0631": "\u0639\u0644\u06cc\u200c\u0631",
    "\u0639\u0644\u06cc\u200b\u200c\u0631": "\u0639\u0644\u06cc\u200c\u0631",
    "a\ud800b": "ab",
}


@pytest.mark.parametrize("text", KEPT, ids=ascii)
def test_what_carries_meaning_stays(text):
    assert (clean_line(text), clean_lines(text)) == (text, text)


@pytest.mark.parametrize(("text", "cleaned"), CLEANED.items(), ids=ascii)
def test_what_can_not_be_seen_goes_and_a_line_stays_one(text, cleaned):
    assert clean_line(text) == cleaned


def test_a_text_of_several_lines_keeps_its_lines():
    assert clean_lines("one\r\ntwo\x0bthree\u2028\tfour\u202e") == "one\ntwo\nthree\n\tfour"


@given(st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Mn", "Lo", "So", "Lu"])) | st.text())
def test_cleaning_twice_changes_nothing_more(text):
    once, lines = clean_line(text), clean_lines(text)

    assert (clean_line(once), clean_lines(lines)) == (once, lines)
    assert "\n" not in once
    assert not {unicodedata.category(char) for char in once} & {"Cs", "Zl", "Zp", "Cc"}


@pytest.mark.parametrize("dash", "-‐‑‒–—―﹣－−")
def test_a_dash_of_any_kind_is_a_hyphen(dash):
    assert to_ascii_hyphens(f"1{dash}2") == "1-2"


@pytest.mark.parametrize("sign", [*"\u00ad\u200b\u200c\u200d\u202e\u2060\u3164\ufe0f\ufeff\U000e0067"], ids=ascii)
def test_what_is_seen_in_no_text_is_known(sign):
    assert is_unseen(sign)


@pytest.mark.parametrize("sign", [*"a1 .\u0301\u0600\u093fé漢🏴"], ids=ascii)
def test_what_can_be_seen_is_not_called_unseen(sign):
    assert not is_unseen(sign)
