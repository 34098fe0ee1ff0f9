"""The personal data policies of passkeys."""

from django.utils.translation import gettext_lazy as _

from tenants.nouns.personal_data_policies import PersonalDataPolicy

POLICIES = (
    PersonalDataPolicy("passkeys", "passkeys.Passkey", _("Passkeys")),
    PersonalDataPolicy("passkey-offers", "passkeys.OfferDismissal", _("Dismissed offers of passkeys")),
)
