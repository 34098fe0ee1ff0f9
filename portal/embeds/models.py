"""The websites that may frame a business's forms or call its client API."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class AllowedWebsites(models.Model):
    """The origins that may use a business's portal, in one row that staff write. Without the row, none may.

    Pages of `embedding_origins` may show its forms in a frame, and scripts of `api_origins` may call its client API.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    embedding_origins = ArrayField(models.CharField(max_length=270), default=list, blank=True)
    api_origins = ArrayField(models.CharField(max_length=270), default=list, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="allowed_websites_one_row")]

    def __str__(self):
        return "allowed websites"
