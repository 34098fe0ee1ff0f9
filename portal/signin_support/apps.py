"""The app configuration of sign-in support."""

from django.utils.translation import gettext_lazy as _

from portal.signin_support.kinds import SupportEvent
from tenants.nouns.config import NounConfig


class SigninSupportConfig(NounConfig):
    """Sign-in support: why a code did not arrive, and what staff do about it."""

    name = "portal.signin_support"
    label = "signin_support"

    event_types = SupportEvent
    event_areas = {"support": _("Support")}
    personal_data = "portal.signin_support.personal_data.POLICIES"
    purges = ("portal.signin_support.purges.purge_reported_identifiers",)
