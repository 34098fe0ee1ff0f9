"""The clients that a form of the client list applies to."""

from django.http import QueryDict
from django.utils.translation import gettext_noop

from portal.clients import services
from portal.clients.list_filters import describe_search
from portal.clients.list_query import parse_list_query
from portal.clients.models import Client, ClientQuerySet, CustomField
from portal.ui import input_cleaning
from tenants import database_clock
from tenants.staff.request_types import StaffRequest


def get_selected_clients(request: StaffRequest) -> ClientQuerySet:
    """Return the clients a form applies to: those ticked, or all who match the list query it carries."""
    if request.POST.get("everyone"):
        query = parse_list_query(QueryDict(request.POST.get("query", "")), CustomField.objects.all())
        return services.search_clients(query.search, country=request.business.country, now=database_clock.now())
    return Client.objects.exclude_unlisted().filter(
        pk__in=[key for key in map(input_cleaning.parse_uuid, request.POST.getlist("client")) if key]
    )


def describe_filters(request: StaffRequest) -> list[tuple[str, str]]:
    """Return the label and value of each filter that a form's list had, in English, for the timeline."""
    if not request.POST.get("everyone"):
        return [(gettext_noop("Chosen"), gettext_noop("manually"))]
    fields = list(CustomField.objects.all())
    return describe_search(parse_list_query(QueryDict(request.POST.get("query", "")), fields).search, fields)
