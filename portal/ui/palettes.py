"""Palettes derived from a business's brand colour, with enough contrast to stay readable."""

from dataclasses import dataclass
from functools import lru_cache

WHITE, BLACK, DARK_BACKGROUND = "#ffffff", "#000000", "#22262c"
NEAR_BLACK = "#14181d"
# WCAG 2.2 asks for 4.5 in text. Ink also appears on tints of itself, which cost up to a quarter of the contrast.
MIN_TEXT_CONTRAST, MIN_INK_CONTRAST_LIGHT, MIN_INK_CONTRAST_DARK = 4.5, 6.2, 6.6

# Increase when the rules below change, so that browsers fetch the style sheet again.
PALETTE_VERSION = 1


@dataclass(frozen=True)
class Palette:
    """The brand colour, a stronger shade, the text colour on it, and its hue as text on light and dark backgrounds."""

    brand: str
    strong: str
    on_brand: str
    ink_on_light: str
    ink_on_dark: str


@lru_cache(maxsize=512)
def build_palette(brand: str) -> Palette:
    """Return the palette for a brand colour `#rrggbb`; each of its colours has enough contrast."""
    on_brand = choose_text_colour(brand)
    return Palette(
        brand=brand,
        strong=_mix_colours(brand, BLACK if on_brand == WHITE else WHITE, 0.18),
        on_brand=on_brand,
        ink_on_light=_shift_until_readable(brand, background=WHITE, towards=BLACK, min_contrast=MIN_INK_CONTRAST_LIGHT),
        ink_on_dark=_shift_until_readable(
            brand, background=DARK_BACKGROUND, towards=WHITE, min_contrast=MIN_INK_CONTRAST_DARK
        ),
    )


def choose_text_colour(background: str) -> str:
    """Return the colour for text on a background: white where it is readable, else near-black, else black."""
    return next(
        ink for ink in (WHITE, NEAR_BLACK, BLACK) if compute_contrast_ratio(ink, background) >= MIN_TEXT_CONTRAST
    )


def compute_contrast_ratio(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((_compute_luminance(one), _compute_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _shift_until_readable(colour: str, *, background: str, towards: str, min_contrast: float) -> str:
    """Mix a colour with black or white in small steps until it is readable on the background."""
    for step in range(26):
        ink = _mix_colours(colour, towards, step / 25)
        if compute_contrast_ratio(ink, background) >= min_contrast:
            return ink
    return towards


def _compute_luminance(colour: str) -> float:
    red, green, blue = (_linearise_channel(channel / 255) for channel in _parse_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linearise_channel(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _mix_colours(colour: str, other: str, share: float) -> str:
    pairs = zip(_parse_rgb(colour), _parse_rgb(other), strict=True)
    return "#" + "".join(f"{round(first + (second - first) * share):02x}" for first, second in pairs)


def _parse_rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
