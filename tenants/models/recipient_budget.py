"""How many messages an address was sent lately, over all businesses. No row holds an address."""

from django.db import models


class RecipientBudget(models.Model):
    """The messages of the last day to one address from one pool; whoever has one sent adds it.

    `digest` is the keyed digest of the address for that pool, `previous_digest` the same under the digest key before.
    An element of `sends` says when a message was counted, in milliseconds since 1970, and the digests of the network
    and the block, or of the business, that caused it.
    """

    digest = models.BinaryField(primary_key=True, max_length=32)
    previous_digest = models.BinaryField(max_length=32)
    sends = models.JSONField(default=list)
    used_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["used_at"], name="recipient_budget_used")]

    def __str__(self):
        return f"{len(self.sends)} messages"
