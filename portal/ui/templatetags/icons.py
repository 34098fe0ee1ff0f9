"""How is an icon drawn? Once in each process: the same words always come to the same picture."""

from functools import lru_cache

from django import template
from heroicons.templatetags import heroicons

# A page of the console shows twenty; all pages together know some two hundred.
CACHE_SIZE = 512

register = template.Library()

micro, mini, outline, solid = (
    lru_cache(CACHE_SIZE)(tag)
    for tag in (
        heroicons.heroicon_micro,
        heroicons.heroicon_mini,
        heroicons.heroicon_outline,
        heroicons.heroicon_solid,
    )
)
for _tag in (micro, mini, outline, solid):
    register.simple_tag(_tag)
