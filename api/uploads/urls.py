"""URLs of list uploads in the business API."""

from django.urls import path

from api.uploads import column_views, row_views, views
from tenants.body_limits import limit_upload_size
from tenants.limits import CLIENT_LIST_BYTES

app_name = "uploads"
urlpatterns = [
    path("", limit_upload_size(CLIENT_LIST_BYTES)(views.UploadListView.as_view()), name="list"),
    path("<uuid:upload_id>/", views.UploadView.as_view(), name="detail"),
    path("<uuid:upload_id>/format/", column_views.UploadFormatView.as_view(), name="format"),
    path("<uuid:upload_id>/columns/", column_views.UploadColumnsView.as_view(), name="columns"),
    path("<uuid:upload_id>/rows/", row_views.UploadRowListView.as_view(), name="rows"),
    path("<uuid:upload_id>/answers/", row_views.RowAnswerListView.as_view(), name="answers"),
    path("<uuid:upload_id>/import/", views.UploadImportView.as_view(), name="import"),
    path("<uuid:upload_id>/import-reversal/", views.UploadImportReversalView.as_view(), name="import-reversal"),
    path("<uuid:upload_id>/errors.csv", row_views.FailedRowsView.as_view(), name="errors"),
]
