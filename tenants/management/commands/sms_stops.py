"""List which texts are stopped at which business, and let them be sent again."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants import database_clock
from tenants.models import SmsPriority, SmsStop
from tenants.sms_limits import stops, usage

OPERATOR = "Operator"


class Command(BaseCommand):
    """Lists the stops of all businesses with what texts cost today, and lifts one or all of them."""

    help = "List which texts are stopped at which business, the newest first; lift a stop with --lift."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept the id of a stop to lift, or all."""
        parser.add_argument("--lift", metavar="ID", help="the stop to lift, or 'all'")

    def handle(self, *, lift: str | None, **options: Any) -> None:
        """List the stops, or lift them."""
        active = list(stops.list_active_stops(now=database_clock.now()))
        if lift is None:
            self._list_stops(active)
        else:
            self._lift_stops([stop for stop in active if lift in ("all", str(stop.pk))])

    def _lift_stops(self, chosen: list[SmsStop]) -> None:
        if not chosen:
            raise CommandError("There is no such stop.")
        for stop in chosen:
            stops.lift_stop(stop, by=OPERATOR, now=database_clock.now())
        self.stdout.write(f"Lifted: {len(chosen)}.")

    def _list_stops(self, active: list[SmsStop]) -> None:
        for stop in active:
            times = f"{stop.started_at:%Y-%m-%d %H:%M} to {stop.ends_at:%Y-%m-%d %H:%M}"
            sample = f"  {stop.used} of {stop.sampled} codes typed" if stop.sampled else ""
            scope = f"up to {SmsPriority(stop.priority).label.lower()}"
            self.stdout.write(f"{stop.pk}  {times}  {stop.business.name}  {stop}  {scope}{sample}")
        if not active:
            self.stdout.write("No texts are stopped.")
        spent = usage.compute_platform_cost(now=database_clock.now())
        self.stdout.write(f"Texts of the last 24 hours: {spent} of {settings.SMS_PLATFORM_BUDGET} US cents.")
