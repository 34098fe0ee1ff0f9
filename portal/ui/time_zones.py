"""The time zones that people choose from."""

from functools import cache
from importlib.resources import files

ZoneChoices = list[tuple[str, str]]


@cache
def group_zones_by_region() -> dict[str, ZoneChoices]:
    """Return each region's time zones with their cities. zone.tab lists every country's zones and no aliases."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text()
    regions: dict[str, ZoneChoices] = {}
    for zone in sorted(row.split("\t")[2] for row in table.splitlines() if not row.startswith("#")):
        region, _slash, city = zone.partition("/")
        regions.setdefault(region, []).append((zone, city.replace("_", " ")))
    return regions
