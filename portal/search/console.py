"""Where does somebody find what they are looking for, from any page of the console?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.search.sources import LONGEST, Asking, found
from portal.ui import typed
from tenants.staff.door import staff_page


@staff_page("home.view")
def search(request: HttpRequest) -> HttpResponse:
    """Show what fits the words: as a page of its own, or as the palette's list."""
    words = typed.words(request.GET.get("q", ""), longest=LONGEST)
    groups = found(Asking(words=words, request=request, now=timezone.now()))
    context = {"words": words, "groups": groups, "total": sum(len(group.hits) for group in groups)}
    return render(request, "console/search/_options.html" if request.htmx else "console/search/page.html", context)
