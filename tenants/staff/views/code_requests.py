"""allauth's page on which staff request a code; it says by its status and Retry-After when it refuses one."""

from allauth.account.views import RequestLoginCodeView
from django.http import HttpResponse

from tenants.staff.forms import StaffCodeRequestForm

TOO_MANY_REQUESTS = 429


class StaffCodeRequestView(RequestLoginCodeView):
    """Request a code; too many requests are answered with 429."""

    def form_invalid(self, form: StaffCodeRequestForm) -> HttpResponse:
        """Show the form again, with the time to retry if a limit is exceeded."""
        response = super().form_invalid(form)
        if form.retry_after:
            response.status_code = TOO_MANY_REQUESTS
            response["Retry-After"] = str(form.retry_after)
        return response


request_login_code = StaffCodeRequestView.as_view()
