"""Counters of wrong codes per business and time bucket."""

from django.db import models


class FailedAttemptCount(models.Model):
    """Number of wrong codes at one business in ten minutes, written by sign-in. High sums start attack mode."""

    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="+")
    bucket_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "bucket_at"], name="failed_attempt_count_once")]
        indexes = [models.Index(fields=["bucket_at"], name="failed_attempt_count_at")]

    def __str__(self):
        return f"{self.count} at {self.bucket_at}"
