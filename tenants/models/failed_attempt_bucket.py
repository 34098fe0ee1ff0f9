"""How many codes were guessed wrong lately, at each business and in all?"""

from django.db import models


class FailedAttemptBucket(models.Model):
    """Wrong guesses at one business in one ten-minute bucket; together they trigger attack mode."""

    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="+")
    bucket_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "bucket_at"], name="failed_attempt_bucket_once")]
        indexes = [models.Index(fields=["bucket_at"], name="failed_attempt_bucket_at")]

    def __str__(self):
        return f"{self.count} at {self.bucket_at}"
