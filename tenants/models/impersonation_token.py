"""One-time tokens that let a member of staff enter a portal as a client."""

import uuid

from django.db import models


class ImpersonationToken(models.Model):
    """A token from the platform's host to one business's portal, valid for a minute and for one use.

    Only the token's digest is stored. `client_id` is a client in the business's own schema. The portal's session that
    the token starts has the same key as this row, and lasts no longer than the staff session with `staff_session_key`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_digest = models.BinaryField(max_length=32, unique=True)
    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="+")
    person = models.ForeignKey("tenants.Person", models.CASCADE, related_name="+")
    client_id = models.UUIDField()
    mode = models.CharField(max_length=9)
    staff_session_key = models.CharField(max_length=40, db_default="")
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"{self.mode} {self.id}"
