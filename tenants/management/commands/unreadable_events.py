"""List what providers' webhooks said that Portico can't use."""

from typing import Any

from django.core.management.base import BaseCommand

from tenants.models import UnreadableEvent


class Command(BaseCommand):
    """Lists the elements of signed webhook calls that were not understood, those that look alike in one line."""

    help = "List what providers' webhooks said that Portico can't use, the newest first."

    def handle(self, **options: Any) -> None:
        """Print one line for all elements that looked alike."""
        rows = list(UnreadableEvent.objects.order_by("-last_at", "pk"))
        for row in rows:
            what = f" ({row.event})" if row.event else ""
            self.stdout.write(f"{row.last_at:%Y-%m-%d %H:%M}  {row.count} ×  {row}{what}  {row.fields}".rstrip())
        if not rows:
            self.stdout.write("Everything that providers reported was understood.")
