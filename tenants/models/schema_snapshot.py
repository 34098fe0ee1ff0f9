"""The statements that create the schema of a new business."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class SchemaSnapshot(models.Model):
    """The template schema as SQL statements, in the table's only row. `migrate_businesses` writes it.

    `fingerprint` is a digest of the migrations and the server version that the statements were dumped from.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fingerprint = models.CharField(max_length=64)
    statements = ArrayField(models.TextField())
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="schema_snapshot_one_row")]

    def __str__(self):
        return self.fingerprint
