"""Palettes are readable, whatever the brand colour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ui import palettes

ANY_COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
AWKWARD = ["#ffffff", "#000000", "#ffff00", "#777777", "#767676", "#00ff00", "#0000ff", "#ff8800"]


def is_readable_everywhere(brand: str) -> bool:
    chosen = palettes.build_palette(brand)
    return all(
        [
            palettes.compute_contrast_ratio(chosen.on_brand, chosen.brand) >= 4.5,
            palettes.compute_contrast_ratio(chosen.on_brand, chosen.strong) >= 4.5,
            palettes.compute_contrast_ratio(chosen.ink_on_light, "#ffffff") >= 6,
            palettes.compute_contrast_ratio(chosen.ink_on_dark, palettes.DARK_BACKGROUND) >= 6,
        ]
    )


@given(ANY_COLOUR)
def test_any_colour_gives_readable_text(brand):
    assert is_readable_everywhere(brand)


@pytest.mark.parametrize("brand", AWKWARD)
def test_edge_case_colours_give_readable_text(brand):
    assert is_readable_everywhere(brand)


def test_the_contrast_ratio_follows_wcag():
    assert palettes.compute_contrast_ratio("#000000", "#ffffff") == pytest.approx(21)
    assert palettes.compute_contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert palettes.compute_contrast_ratio("#2f5d50", "#2f5d50") == 1


def test_a_readable_colour_is_unchanged():
    assert palettes.build_palette("#123456").ink_on_light == "#123456"


def test_white_text_is_preferred_where_it_is_readable():
    assert palettes.choose_text_colour("#2f5d50") == "#ffffff"
    assert palettes.choose_text_colour("#ffe600") == palettes.NEAR_BLACK
