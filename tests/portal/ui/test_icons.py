"""Cached icons are the ones that heroicons draws."""

import pytest
from django.template import engines
from heroicons import IconDoesNotExist
from heroicons.templatetags import heroicons

from portal.ui.templatetags import icons


def render_icon(tag: str) -> str:
    return engines["django"].from_string(f"{{% {tag} %}}").render({})


@pytest.mark.parametrize(
    ("tag", "name", "attrs"),
    [
        ('heroicon_outline "envelope"', "envelope", {}),
        ('heroicon_outline "envelope" size=22', "envelope", {"size": 22}),
        ('heroicon_outline "funnel" size=22', "funnel", {"size": 22}),
        (
            'heroicon_outline "envelope" class="mt-1" aria_hidden="true"',
            "envelope",
            {"class": "mt-1", "aria_hidden": "true"},
        ),
    ],
)
def test_an_icon_is_the_same_uncached_and_cached(tag, name, attrs):
    assert [render_icon(tag), render_icon(tag)] == [heroicons.heroicon_outline(name, **attrs)] * 2


def test_icon_attributes_are_escaped():
    page = engines["django"].from_string("{% heroicon_outline 'envelope' class=typed %}")

    assert "<script>" not in page.render({"typed": '"><script>'})


def test_an_icon_is_rendered_once():
    before = icons.mini.cache_info().hits
    for _time in range(2):
        render_icon('heroicon_mini "envelope" class="only here"')

    assert icons.mini.cache_info().hits == before + 1


def test_an_unknown_icon_raises_every_time():
    for _time in range(2):
        with pytest.raises(IconDoesNotExist):
            render_icon('heroicon_solid "no-such-icon"')
