"""Which pages of the console are called so?"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.clients.services.search_text import fold
from portal.search.sources import Asking, Hit, Source
from tenants.staff.sections import sections_for


def find(asking: Asking) -> list[Hit]:
    """Return the sections and settings whose name or purpose has the words; all sections when nothing was typed."""
    paths = [*settings.CONSOLE_SECTIONS, *(settings.CONSOLE_SETTINGS if asking.words else [])]
    pages = sections_for(asking.request, paths)
    words = fold(asking.words)
    return [Hit(page.label, page.url, page.icon, page.about) for page in pages if words in fold(str(page.label))]


SOURCE = Source(label=_("Pages"), permission="home.view", find=find, position=90)
