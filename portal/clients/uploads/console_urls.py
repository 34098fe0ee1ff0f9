"""URLs of client list uploads and their imports."""

from django.urls import path

from portal.clients.uploads.console import row_answers, upload_pages

urlpatterns = [
    path("", upload_pages.list_uploads, name="uploads"),
    path("<uuid:pk>/", upload_pages.show_upload, name="upload"),
    path("<uuid:pk>/format/", upload_pages.choose_file_format, name="upload-format"),
    path("<uuid:pk>/columns/", upload_pages.map_columns, name="upload-columns"),
    path("<uuid:pk>/progress/", upload_pages.show_upload_progress, name="upload-progress"),
    path("<uuid:pk>/answers/", row_answers.answer_rows, name="upload-answers"),
    path("<uuid:pk>/import/", upload_pages.start_import, name="upload-import"),
    path("<uuid:pk>/import-reversal/", upload_pages.undo_import, name="upload-import-reversal"),
    path("<uuid:pk>/removal/", upload_pages.discard_upload, name="upload-removal"),
    path("<uuid:pk>/errors.csv", upload_pages.download_failed_rows, name="upload-errors"),
]
