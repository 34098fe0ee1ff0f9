"""The search of the console, reachable from each of its pages."""

from django.http import HttpResponse
from django.shortcuts import render

from portal.search.global_search import MAX_QUERY_LENGTH, SearchParams, search_all
from portal.ui import input_cleaning
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("home.view")
def search_console(request: StaffRequest) -> HttpResponse:
    """Show the results as a page of its own, or as the list below the search field that htmx asks for."""
    text = input_cleaning.clean_text(request.GET.get("q", ""), max_length=MAX_QUERY_LENGTH)
    groups = search_all(SearchParams(text=text, http_request=request, now=database_clock.now()))
    context = {"text": text, "groups": groups, "total": sum(len(group.results) for group in groups)}
    return render(request, "console/search/_options.html" if request.htmx else "console/search/page.html", context)
