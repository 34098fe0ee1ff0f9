"""allauth's pages on which staff request a code and enter it; when a code is refused they say so, and until when."""

import math
from datetime import datetime, timedelta
from typing import Any

from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tenants import database_clock
from tenants.sliding_windows import HOUR
from tenants.staff.code_request_limits import CodeRequestRefused, RefusalReason
from tenants.staff.forms import StaffCodeForm, StaffCodeRequestForm
from tenants.staff.wait_tokens import issue_wait_token
from tenants.visitor_networks import get_visitor_network

TOO_MANY_REQUESTS, CONFLICT = 429, 409


class StaffCodeRequestView(RequestLoginCodeView):
    """Request a code; too many requests are answered with 429."""

    def form_valid(self, form: StaffCodeRequestForm) -> HttpResponse:
        """Queue the code, or show the form again and say when one may be requested."""
        try:
            return super().form_valid(form)
        except CodeRequestRefused as refusal:
            now = database_clock.now()
            is_wait, email = refusal.reason == RefusalReason.WAIT, form.cleaned_data["email"]
            context = _build_refusal_context(refusal, now=now)
            network = get_visitor_network(self.request)
            context["wait_token"] = issue_wait_token(email, network, now=now) if is_wait else ""
            page = self.get_context_data(form=form, **context)
            return _refuse(self.render_to_response(page), context)


class StaffCodeEntryView(ConfirmLoginCodeView):
    """Enter a code, or have another one sent."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse another code when no more are sent for this sign-in; allauth would count that as an attempt."""
        if request.POST.get("action") == "resend" and not self._process.can_resend:
            response = self.render_to_response(self.get_context_data(form=self._build_code_form(), refusal="spent"))
            response.status_code = CONFLICT
            return response
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show the form again; only what was compared with the code counts as an attempt."""
        if getattr(form, "was_compared", False):
            return super().form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page's context: how long a code is valid, and the proof of waiting that a request is sent with."""
        email, network = self._process.state.get("email", ""), get_visitor_network(self.request)
        wait_token = issue_wait_token(email, network, now=database_clock.now())
        minutes = settings.STAFF_CODE_LIFETIME // timedelta(minutes=1)
        return {"wait_token": wait_token, "code_minutes": minutes} | super().get_context_data(**kwargs)

    def _build_code_form(self) -> StaffCodeForm:
        return StaffCodeForm(code=self._process.code)

    def _resend_form_valid(self, form: Form) -> HttpResponse:
        """Send another code; it counts alike for an address that nobody has, to which allauth would send nothing."""
        try:
            self._process.send()
        except CodeRequestRefused as refusal:
            context = _build_refusal_context(refusal, now=database_clock.now())
            page = self.get_context_data(form=self._build_code_form(), **context)
            return _refuse(self.render_to_response(page), context)
        self._process.record_resend()
        self._process.persist()
        return HttpResponseRedirect(self.passthrough_next_url(reverse("account_confirm_login_code")))


def _refuse(response: HttpResponse, context: dict[str, Any]) -> HttpResponse:
    response.status_code = TOO_MANY_REQUESTS
    response["Retry-After"] = str(context["seconds"])
    return response


def _build_refusal_context(refusal: CodeRequestRefused, *, now: datetime) -> dict[str, Any]:
    """Return what the page says of a refusal; nobody has a time zone before they have signed in, so no time of day."""
    wait = refusal.retry_at - now
    minutes = math.ceil(wait / timedelta(minutes=1))
    is_short = refusal.reason == RefusalReason.WAIT
    return {
        "refusal": refusal.reason.value,
        "seconds": math.ceil(wait.total_seconds()) if is_short else 60 * minutes,
        "minutes": minutes,
        # Hours are named from two of them on.
        "hours": math.ceil(wait / HOUR) if wait >= 2 * HOUR else 0,
    }


request_login_code = StaffCodeRequestView.as_view()
confirm_login_code = StaffCodeEntryView.as_view()
