"""URLs of bulk upserts in the business API."""

from django.urls import path

from api.bulk_upserts import answer_views, views
from tenants.body_limits import limit_upload_size
from tenants.limits import BULK_UPSERT_BYTES

app_name = "bulk-upserts"
urlpatterns = [
    path("", limit_upload_size(BULK_UPSERT_BYTES)(views.BulkUpsertListView.as_view()), name="list"),
    path("<uuid:upload_id>/", views.BulkUpsertView.as_view(), name="detail"),
    path("<uuid:upload_id>/answers/", answer_views.BulkAnswerListView.as_view(), name="answers"),
    path("<uuid:upload_id>/results/", views.BulkResultListView.as_view(), name="results"),
]
