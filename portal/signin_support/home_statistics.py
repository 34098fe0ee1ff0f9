"""The number of clients with sign-in problems on the console's home page."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.signin_support.recent_sign_in_failures import count_clients_with_sign_in_failures
from tenants.nouns.home_statistics import Statistic


def build_statistic(now: datetime) -> Statistic:
    """Return how many clients failed to sign in during the last day, with a link to sign-in support if any did."""
    label, number = _("Sign-in problems"), count_clients_with_sign_in_failures(now=now)
    if not number:
        return Statistic(label, number, _("Everybody who tried could sign in during the last 24 hours."))
    text = ngettext("client had problems in the last 24 hours", "clients had problems in the last 24 hours", number)
    return Statistic(label, number, text, "signin-support")
