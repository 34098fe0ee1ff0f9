"""Which domains do businesses say are theirs, and what did looking at them show?"""

import secrets
import uuid

from django.db import models


def new_proof() -> str:
    """Return the word that only the owner of a domain can put into its zone."""
    return secrets.token_hex(16)


class DomainClaim(models.Model):
    """One business's claim to one domain. Several may claim the same; an Address is made of the one that is proven.

    `found` is what the last look saw, by step. Each claim has a proof of its own, so a
    domain that was released has to be proven afresh. `failures` counts looks of the schedule
    in a row that found a proven domain not as it was; after some of them it is broken.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="claims")
    domain = models.CharField(max_length=253)
    proof = models.CharField(max_length=32, default=new_proof)
    found = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    proven_at = models.DateTimeField(null=True, blank=True)
    pointed_at = models.DateTimeField(null=True, blank=True)
    live_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    broken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "domain"], name="domain_claim_once")]

    def __str__(self):
        return self.domain

    @property
    def record(self) -> str:
        """Return the name of the TXT record that proves the claim."""
        return f"_portico.{self.domain}"

    @property
    def expected(self) -> str:
        """Return what that record has to say."""
        return f"portico-proof={self.proof}"
