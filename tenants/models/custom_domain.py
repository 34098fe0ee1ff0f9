"""The custom domains of businesses, and the result of their last checks."""

import secrets
import uuid

from django.db import models


def generate_txt_token() -> str:
    """Return a random token that only the owner of a domain can put into its zone."""
    return secrets.token_hex(16)


class CustomDomain(models.Model):
    """A domain that a business added for its portal. `tenants.domains.custom_domains` writes it.

    Several businesses may add the same domain; a PortalHostname is made for the one that verifies it. Each row
    has its own token, so a domain that was released has to be verified again. `check_result` is what the
    last check found, by step. `failed_checks` counts scheduled checks in a row that found a problem with a
    verified domain; after a few of them it is broken.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="custom_domains")
    domain = models.CharField(max_length=253)
    txt_token = models.CharField(max_length=32, default=generate_txt_token)
    check_result = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    dns_ready_at = models.DateTimeField(null=True, blank=True)
    live_at = models.DateTimeField(null=True, blank=True)
    check_requested_at = models.DateTimeField(null=True, blank=True)
    failed_checks = models.PositiveSmallIntegerField(default=0, db_default=0)
    broken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "domain"], name="custom_domain_once")]

    def __str__(self):
        return self.domain

    @property
    def txt_name(self) -> str:
        """The name of the TXT record that verifies the domain."""
        return f"_portico.{self.domain}"

    @property
    def txt_value(self) -> str:
        """The value that the TXT record must have."""
        return f"portico-proof={self.txt_token}"
