"""The personal data policy of the links by which staff view the portal as a client."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tenants.context import get_current_business
from tenants.models import ImpersonationToken
from tenants.nouns.personal_data_policies import PersonalDataPolicy, PersonIdentity


def _erase_tokens(person: PersonIdentity, now: datetime) -> int:
    """Delete the tokens for views as the person: the reason that staff gave may name them."""
    tokens = ImpersonationToken.objects.filter(business=get_current_business(), client_id__in=person.client_ids)
    return tokens.delete()[0]


POLICIES = (
    PersonalDataPolicy(
        "impersonation-tokens",
        "tenants.ImpersonationToken",
        moves_on_merge=False,
        erase=_erase_tokens,
        erasure_label=_("Links to view the portal as this client"),
    ),
)
