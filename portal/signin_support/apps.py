"""The app configuration of sign-in support."""

from tenants.nouns.config import NounConfig


class SigninSupportConfig(NounConfig):
    """Sign-in support: why a code did not arrive, and what staff do about it."""

    name = "portal.signin_support"
    label = "signin_support"

    personal_data = "portal.signin_support.personal_data.POLICIES"
    purges = ("portal.signin_support.purges.purge_reported_identifiers",)
