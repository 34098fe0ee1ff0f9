"""Who is on the list, and who of them is meant?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from portal.clients import services
from portal.clients.console import asking
from portal.clients.console.choices import columns, filters
from portal.clients.console.rows import rows_of
from portal.clients.models import Client, CustomField, Tag
from portal.clients.services.paging import HITS, ROWS
from tenants.staff.decorators import membership_required


@membership_required("clients.view")
def listing(request: HttpRequest) -> HttpResponse:
    """The list, or, for somebody who types or pages, the part of it that changes."""
    is_part = bool(request.htmx) and not request.htmx.history_restore_request
    custom = any(name.startswith("f-") for name in request.GET)
    fields = list(CustomField.objects.all()) if custom or not is_part else []
    asked = asking.read(request.GET, fields)
    context = _found(request, asked)
    if not is_part:
        context |= _furniture(request, asked, fields)
    page = render(request, "console/clients/_list.html" if is_part else "console/clients/list.html", context)
    if is_part:
        page["HX-Push-Url"] = _address(request, asked)
    patch_vary_headers(page, ["HX-Request"])
    return page


def _found(request: HttpRequest, asked: asking.Asked) -> dict[str, Any]:
    """Return the rows and their number: those who fit, or, where nobody does, those who almost do."""
    facts: dict[str, Any] = {"country": request.business.country, "now": timezone.now()}
    clients = services.matching(asked.question, **facts)
    rows = HITS if asked.question.words else ROWS
    page = services.page_of(clients, order=asked.order, place=asked.place, rows=rows)
    is_blank = not page.clients and not asked.place
    total = services.Total(0) if is_blank else services.total_of(clients, is_everybody=asked.is_everybody)
    alike = services.alike(asked.question, **facts) if asked.question.words and not page.clients else []
    return {
        "asked": asked,
        "page": page,
        "rows": rows_of(alike or page.clients, slug=request.slug),
        "is_alike": bool(alike),
        "total": total,
        "columns": columns(asked),
        # Whether there is nobody at all or only nobody like that makes all the difference to what comes next.
        "is_empty": asked.is_everybody and not page.clients and not Client.objects.listed().exists(),
    }


def _furniture(request: HttpRequest, asked: asking.Asked, fields: list[CustomField]) -> dict[str, Any]:
    """Return what stands around the rows and stays while they change."""
    tags = list(Tag.objects.all())
    views = list(services.views_of(request.person.pk))
    return {"tags": tags, "views": views, "filters": filters(asked.question, tags=tags, fields=fields)}


def _address(request: HttpRequest, asked: asking.Asked) -> str:
    """Return the address that leads to what is seen now."""
    query = "&".join(part for part in (asked.query, f"at={asked.place}" if asked.place else "") if part)
    return reverse("console:clients", kwargs={"business": request.slug}) + (f"?{query}" if query else "")
