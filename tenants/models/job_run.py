"""The runs of background jobs that have not succeeded yet."""

import uuid

from django.db import models


class JobRun(models.Model):
    """A job, about one row or at one business, that a worker runs or that failed. Workers write it.

    It is added, and committed, before the job runs, and deleted when the job has succeeded; so a row whose lease has
    expired belongs to a worker that was lost. `failures` counts the failures in a row for the same `reason`: a class
    of error and a place in the code, and nothing of the error's text; `failures_in_all` counts those for any reason.
    `stopped_at` is set once the job is not run any more; a request of a person clears it. Neither business nor row is
    a foreign key: the row is in the business's schema.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.CharField(max_length=60)
    business_id = models.UUIDField(null=True, blank=True)
    row_id = models.UUIDField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failures_in_all = models.PositiveSmallIntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=200, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "business_id", "row_id"], nulls_distinct=False, name="job_run_once"),
        ]
        indexes = [models.Index(fields=["started_at"], name="job_run_started")]

    def __str__(self):
        return f"{self.job} {self.row_id or self.business_id or ''}".strip()
