"""The private calendar feeds: the address that programs read, and the page on which a client makes and ends theirs."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from limits import parse

from portal.access.network_limits import check_network_rate_limit, count_request, render_too_many_requests
from portal.clients.decorators import client_required
from portal.clients.request_types import ClientRequest, VisitorRequest
from portal.scheduling import services
from portal.scheduling.calendar_feed_files import FeedFile, build_feed_file
from portal.scheduling.feed_addresses import build_feed_address
from tenants import database_clock, tokens
from tenants.sliding_windows import RateLimitExceeded


@require_safe
def read_feed(request: VisitorRequest, token: str) -> HttpResponse:
    """Return the appointments of a feed to a program that knows its address. No session is needed or used."""
    now = database_clock.now()
    try:
        _check_limits(request, token)
    except RateLimitExceeded as error:
        return render_too_many_requests(request, error.retry_at)
    feed = services.find_feed(token=token, business=request.business)
    if feed is None:
        raise Http404
    services.record_fetch(feed, now=now)
    return _respond(request, build_feed_file(feed, request.business, now=now))


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def edit_own_feed(request: ClientRequest) -> HttpResponse:
    """Say whether the client has a feed; make a new one and show its address, once."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        token = services.create_feed(owner=request.client, now=database_clock.now())
        context["address"] = build_feed_address(request.business, token)
    context["feed"] = services.get_working_feed(request.client)
    return render(request, "portal/scheduling/feed.html", context)


@require_POST
@client_required
def revoke_own_feed(request: ClientRequest) -> HttpResponse:
    """End the client's feed."""
    services.revoke_feed(owner=request.client, now=database_clock.now())
    return redirect("scheduling:own-feed")


def _check_limits(request: VisitorRequest, token: str) -> None:
    """Count a request of its network, and for its feed, whether that exists or not. Raises RateLimitExceeded."""
    check_network_rate_limit(request, "calendar-feed", "CALENDAR_FEED_READS_PER_IP")
    limit = parse(settings.CALENDAR_FEED_READS_PER_FEED)
    if not count_request(limit, "calendar-feed", str(request.business.pk), tokens.digest_token(token).hex()):
        raise RateLimitExceeded(database_clock.now() + timedelta(seconds=limit.get_expiry()))


def _respond(request: HttpRequest, file: FeedFile) -> HttpResponse:
    """Return the file, or 304 if the program has it already."""
    response = get_conditional_response(request, etag=file.etag)
    if response is None:
        response = HttpResponse(file.build(), "text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="appointments.ics"'
    response["ETag"] = file.etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
