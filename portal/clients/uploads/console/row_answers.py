"""The action by which staff say who the rows are of which it isn't clear."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.clients.uploads import row_reviews
from portal.clients.uploads.forms import RowAnswerForm
from portal.clients.uploads.models import RowDecision, Upload
from portal.clients.uploads.row_reviews import ReviewClosed
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("uploads.run", methods=("POST",))
def answer_rows(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Answer for one row or for all, or take the answer for one row back."""
    upload, form = get_object_or_404(Upload, pk=pk), RowAnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise ReviewClosed
        _apply_answer(request, upload, form)
    except ReviewClosed:
        messages.info(request, _("This row can’t be answered any more. Here is its current state."))
    page = reverse("console:upload", kwargs={"business": request.slug, "pk": pk})
    return HttpResponseRedirect(f"{page}?{form.page_query}#rows")


def _apply_answer(request: StaffRequest, upload: Upload, form: RowAnswerForm) -> None:
    """Save the answer. Raises ReviewClosed."""
    decision, number = form.cleaned_data["decision"], form.cleaned_data["number"]
    if number is None and decision:
        _report_remaining(request, row_reviews.answer_all_rows(upload=upload, decision=RowDecision(decision)))
    elif number is not None and decision:
        client_id = form.cleaned_data["client"]
        row_reviews.answer_row(upload=upload, number=number, decision=RowDecision(decision), client_id=client_id)
    elif number is not None:
        row_reviews.reopen_row(upload=upload, number=number)


def _report_remaining(request: StaffRequest, remaining: int) -> None:
    if remaining:
        text = ngettext(
            "%(number)s row can’t be answered together with others. Please answer it by itself.",
            "%(number)s rows can’t be answered together. Please answer each of them.",
            remaining,
        )
        messages.info(request, text % {"number": remaining})
