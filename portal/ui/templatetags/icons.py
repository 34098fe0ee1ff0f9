"""Template tags for icons, cached because the same arguments always give the same SVG."""

from functools import lru_cache

from django import template
from heroicons.templatetags import heroicons

# A page of the console shows about twenty icons, all pages together some two hundred.
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
