"""The number of clients on the console's home page."""

from datetime import datetime

from django.utils.translation import gettext as _

from portal.clients.models import Client
from tenants.nouns.home_statistics import Statistic


def build_statistic(now: datetime) -> Statistic:
    """Return how many clients are active."""
    number = Client.objects.exclude_demo().active().count()
    is_empty = _("Your client list is empty. Add your clients so that they can sign in.")
    return Statistic(_("Clients"), number, _("active clients who can sign in") if number else is_empty)
