"""By which statements is a new business's schema made?"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class SchemaSnapshot(models.Model):
    """The one row that holds the template schema as statements, ready to be replayed.

    `fingerprint` names the migrations the template had when the statements were taken from it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fingerprint = models.CharField(max_length=64)
    statements = ArrayField(models.TextField())
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="schema_snapshot_one_row")]

    def __str__(self):
        return self.fingerprint
