"""List the background jobs that were stopped because they kept failing, and run them again."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants import database_clock, job_runs
from tenants.context import use_business
from tenants.models import Business, JobRun
from tenants.nouns import registry


class Command(BaseCommand):
    """Lists stopped jobs, with the reason of each, and resumes one or all of them after the reason is gone."""

    help = "List the jobs that were stopped because they kept failing; with --resume, run them again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept the job's name and row, and whether to run it again."""
        parser.add_argument("job", nargs="?", help="the name of a job; all of them if omitted")
        parser.add_argument("--row", metavar="ID", type=UUID, help="only the job about this row")
        parser.add_argument("--resume", action="store_true", help="run these jobs again")

    def handle(self, *, job: str | None, row: UUID | None, resume: bool, **options: Any) -> None:
        """List the jobs, or resume them."""
        runs = list(self._find_runs(job, row))
        for run in runs:
            if resume:
                _resume_run(run)
            when = f"{run.stopped_at:%Y-%m-%d %H:%M}"
            self.stdout.write(f"{run.job}  {when}  business {run.business_id}  row {run.row_id}  {run.reason}")
        self.stdout.write(f"{len(runs)} jobs {'are run again' if resume else 'are stopped'}.")

    def _find_runs(self, job: str | None, row: UUID | None) -> Any:
        runs = job_runs.list_stopped_runs()
        if job:
            runs = runs.filter(job=job)
            if not runs:
                raise CommandError(f"No job named {job} is stopped.")
        return runs.filter(row_id=row) if row else runs


def _resume_run(run: JobRun) -> None:
    """Forget the failures of a job, and have its noun enqueue it. A job without a row comes back by its schedule."""
    run.delete()
    row_job = registry.get_row_jobs().get(run.job)
    business = Business.objects.filter(pk=run.business_id).first()
    if row_job and row_job.on_resume and business:
        with use_business(business):
            registry.import_dotted_path(row_job.on_resume)(run.row_id, now=database_clock.now())
