"""Which clients fit a few letters?"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.clients.models import Client
from portal.clients.services.search_text import fold
from portal.clients.services.searching import Question, alike, matching
from portal.search.sources import SHOWN, Asking, Hit, Source

# One letter fits nearly everybody, and finding them all would take long.
SHORTEST = 2
# So many are fetched as the database comes upon them; the best of them are shown.
FETCHED = 40


def find(asking: Asking) -> list[Hit]:
    """Return a few clients by name or address, archived ones too; where none fits, those that are spelled alike."""
    if len(fold(asking.words)) < SHORTEST:
        return []
    question, country = Question(words=asking.words, status="all"), asking.request.business.country
    fitting = matching(question, country=country, now=asking.now).prefetch_related("contacts")[:FETCHED]
    clients = sorted(fitting, key=lambda client: _rank(client, fold(asking.words)))
    clients = clients or alike(question, country=country, now=asking.now)
    return [_hit(client, asking) for client in clients[:SHOWN]]


def _rank(client: Client, words: str) -> tuple[bool, bool, str]:
    """Return what decides the order: names that begin so come first, archived ones last."""
    return client.status == Client.Status.ARCHIVED, not client.search.startswith(words), client.search


def _hit(client: Client, asking: Asking) -> Hit:
    url = reverse("console:client", kwargs={"business": asking.request.slug, "pk": client.pk})
    reach = next((contact.value for contact in client.contacts.all()), "")
    standing = "" if client.status == Client.Status.ACTIVE else client.get_status_display()
    return Hit(client.name, url, "user", " · ".join(word for word in (reach, standing) if word))


SOURCE = Source(label=_("Clients"), permission="clients.view", find=find, position=10)
