"""Settings pages for webhooks: where they go, their secrets, and the log of what was sent and answered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.integrations.console.forms import REPLAY_PERIODS, EndpointForm, ReplayForm
from portal.integrations.webhooks import endpoints, replays
from portal.integrations.webhooks.attempt_queries import NEWEST_FIRST, AttemptFilter, filter_attempts
from portal.integrations.webhooks.descriptions import describe_attempt
from portal.integrations.webhooks.models import WebhookEndpoint
from portal.ui.keyset_pagination import get_page
from portal.ui.pager_links import build_keyset_pager_links
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest
from tenants.webhooks import streams

PERMISSION = "webhooks.manage"
PAGE_SIZE = 25


@membership_required(PERMISSION)
def list_endpoints(request: StaffRequest) -> HttpResponse:
    """List where webhooks go."""
    found = endpoints.list_endpoints()
    context = {"endpoints": found, "may_add": len(found) < endpoints.MAX_ENDPOINTS}
    return render(request, "console/integrations/webhooks.html", context)


@membership_required(PERMISSION, methods=("GET", "POST"))
def add_endpoint(request: StaffRequest) -> HttpResponse:
    """Add an endpoint, and show its secret."""
    form = EndpointForm(request.POST or None)
    del form.fields["is_enabled"]
    if form.is_valid():
        now = database_clock.now()
        try:
            endpoint = endpoints.add_endpoint(
                business=request.business, staff=request.staff, now=now, **form.cleaned_data
            )
        except endpoints.TooManyEndpoints:
            form.add_error(None, _("You have as many webhooks as you may. Remove one first."))
        else:
            messages.success(request, _("Webhook added. Now give your other program the secret, and send a test."))
            return redirect("console:webhook", business=request.slug, pk=endpoint.pk)
    context = {"form": form, "endpoint": None}
    return render(request, "console/integrations/webhook_form.html", context, status=422 if form.is_bound else 200)


@membership_required(PERMISSION)
def show_endpoint(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show an endpoint with the log of its attempts, the newest first."""
    return _render_endpoint(request, get_object_or_404(WebhookEndpoint, pk=pk))


@membership_required(PERMISSION, methods=("GET", "POST"))
def edit_endpoint(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Change an endpoint, or switch it on or off."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    form = EndpointForm(request.POST or None, endpoint=endpoint)
    if form.is_valid():
        endpoints.change_endpoint(
            endpoint=endpoint,
            business=request.business,
            staff=request.staff,
            now=database_clock.now(),
            **form.cleaned_data,
        )
        messages.success(request, _("Saved."))
        return redirect("console:webhook", business=request.slug, pk=pk)
    context = {"form": form, "endpoint": endpoint}
    return render(request, "console/integrations/webhook_form.html", context, status=422 if form.is_bound else 200)


@membership_required(PERMISSION, methods=("POST",))
def show_secret(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show the secret of an endpoint, or a new one."""
    fields: dict[str, Any] = {"endpoint": get_object_or_404(WebhookEndpoint, pk=pk)}
    fields |= {"staff": request.staff, "now": database_clock.now()}
    is_new = request.POST.get("new") == "yes"
    secret = endpoints.replace_secret(**fields) if is_new else endpoints.show_secret(**fields)
    response = _render_endpoint(request, fields["endpoint"], secret=secret, is_new_secret=is_new)
    response["Cache-Control"] = "no-store"
    return response


@membership_required(PERMISSION, methods=("POST",))
def send_test(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Send a test."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    try:
        replays.send_test_event(endpoint=endpoint, now=database_clock.now())
    except replays.EndpointDisabled:
        messages.error(request, _("This webhook is switched off. Switch it on first."))
    else:
        messages.success(request, _("A test is on its way. Reload this page in a moment to see the answer."))
    return redirect("console:webhook", business=request.slug, pk=pk)


@membership_required(PERMISSION, methods=("POST",))
def replay(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Send one event again, or all of a period."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    try:
        messages.success(request, _replay(request, endpoint))
    except replays.EndpointDisabled:
        messages.error(request, _("This webhook is switched off. Switch it on first."))
    except replays.EventNotFound as error:
        raise Http404 from error
    return redirect("console:webhook", business=request.slug, pk=pk)


@membership_required(PERMISSION, methods=("POST",))
def remove_endpoint(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Remove an endpoint with its log."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    endpoints.remove_endpoint(endpoint=endpoint, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Webhook removed."))
    return redirect("console:webhooks", business=request.slug)


@membership_required(PERMISSION)
def show_attempt(request: StaffRequest, pk: UUID, attempt: UUID) -> HttpResponse:
    """Show what was sent in one attempt, and what was answered."""
    found = get_object_or_404(filter_attempts(pk, AttemptFilter()), pk=attempt)
    context = {"attempt": found, "endpoint": found.endpoint, "outcome": describe_attempt(found)}
    return render(request, "console/integrations/webhook_attempt.html", context)


def _replay(request: StaffRequest, endpoint: WebhookEndpoint) -> str:
    """Send again what the request asks for, and return what to say. Raises EndpointDisabled and EventNotFound."""
    now, event = database_clock.now(), request.POST.get("event", "")
    if event:
        try:
            replays.replay_event(endpoint=endpoint, event_id=UUID(event), now=now)
        except ValueError as error:
            raise replays.EventNotFound from error
        return _("The event is on its way again.")
    form = ReplayForm(request.POST)
    if not form.is_valid():
        raise replays.EventNotFound
    _label, age = REPLAY_PERIODS[form.cleaned_data["period"]]
    count = replays.replay_since(endpoint=endpoint, since=now - age, now=now)
    text = ngettext("%(count)d event is on its way again.", "%(count)d events are on their way again.", count)
    return text % {"count": count}


def _render_endpoint(request: StaffRequest, endpoint: WebhookEndpoint, **shown: Any) -> HttpResponse:
    page = get_page(
        filter_attempts(endpoint.pk, AttemptFilter()),
        NEWEST_FIRST,
        cursor=request.GET.get("cursor", ""),
        size=PAGE_SIZE,
    )
    context = {
        "endpoint": endpoint,
        "attempts": [(attempt, describe_attempt(attempt)) for attempt in page.rows],
        "pager": build_keyset_pager_links(page, query_string=""),
        "pending_count": streams.list_pending(endpoint.pk).count(),
        "replay_form": ReplayForm(),
        **shown,
    }
    return render(request, "console/integrations/webhook.html", context)
