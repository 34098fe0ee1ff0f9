"""The one rule for typed and uploaded texts: what can't be seen goes, what carries meaning stays."""

import re
import unicodedata

# Controls, marks and overrides of direction, zero-width characters, fillers, annotations and noncharacters.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]"
)
JOINERS = "\u200c\u200d"
JOINER = re.compile(f"[{JOINERS}]")
REPEATED_JOINERS = re.compile(f"(?<=[{JOINERS}])[{JOINERS}]+")
# Scripts whose letters change their shapes beside one another, from Arabic to Adlam, with their vowel marks.
JOINING = (
    "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1700-\u18af\u1900-\u1cff\ua800-\ua8ff\ua980-\uaaff\uabc0-\uabff"
    "\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
VIRAMAS = (
    "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u0f84\u1039\u103a\u17d2\u1b44\ua806\ua8c4\ua953\ua9c0"
)
EMOJI = "\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
TAGS = "\U000e0020-\U000e007f"
MONGOLIAN_SELECTORS = "\u180b-\u180d\u180f"
STYLE_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
SHAPING = f"{JOINERS}{STYLE_SELECTORS}{MONGOLIAN_SELECTORS}{TAGS}"
# Where each has a meaning: in Persian, Sinhala or Mongolian words, in emoji, in ideographs and in regional flags.
MEANINGFUL = "|".join(
    [
        f"(?<=[{JOINING}])[{JOINERS}](?=[{JOINING}])",
        f"(?<=[{VIRAMAS}])[{JOINERS}]",
        f"(?:(?<=[{EMOJI}])|(?<=[{EMOJI}]\ufe0f))\u200d(?=[{EMOJI}])",
        f"(?<=[{EMOJI}0-9#*\u00a9\u00ae])[\ufe0e\ufe0f]",
        f"(?<=[{IDEOGRAPHS}{JOINING}])[{STYLE_SELECTORS}]",
        f"(?<=[\u1820-\u18aa])[{MONGOLIAN_SELECTORS}]",
        "(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f",
    ]
)
CONTEXTUAL = re.compile(f"({MEANINGFUL})|[{SHAPING}]")
UNSEEN = re.compile(f"{INVISIBLE.pattern}|[{SHAPING}]")
LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
OTHER_DIGIT = re.compile(r"[^\D0-9]")
MINUS_SIGN = "\u2212"
# Blanks that Python doesn't count among the spaces.
BLANK_LETTER = "\u2800"


def clean_line(text: str) -> str:
    """Return a text as one line with single spaces, without what can't be seen."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip(" ")
    return " ".join(remove_invisible(text).split())


def clean_lines(text: str) -> str:
    """Return a text of several lines without what can't be seen; every kind of line break becomes `\\n`."""
    if text.isascii() and text.isprintable():
        return text
    return remove_invisible(LINE_BREAK.sub("\n", text))


def remove_invisible(text: str) -> str:
    """Return a text without invisible characters, but for those that its words, emoji or ideographs need."""
    seen = INVISIBLE.sub("", text).replace(BLANK_LETTER, " ")
    return CONTEXTUAL.sub(r"\1", REPEATED_JOINERS.sub("", seen))


def normalise_text(text: str) -> str:
    """Return the text as it is compared: in NFKC, without invisible characters and the space around it."""
    return unicodedata.normalize("NFKC", JOINER.sub("", remove_invisible(text))).strip()


def to_ascii_digits(text: str) -> str:
    """Return the text with the digits 0 to 9 for those of any script."""
    return OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def to_ascii_hyphens(text: str) -> str:
    """Return the text with hyphens for dashes of every kind, and for the minus sign."""
    if text.isascii():
        return text
    return "".join("-" if char == MINUS_SIGN or unicodedata.category(char) == "Pd" else char for char in text)


def is_unseen(char: str) -> bool:
    """Return whether a character is seen in no text: it is invisible, or only shapes what is beside it."""
    return bool(UNSEEN.match(char))
