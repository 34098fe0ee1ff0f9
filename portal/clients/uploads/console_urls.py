"""URLs of client list uploads and their imports."""

from django.urls import path

from portal.clients.uploads import console, console_reviews

urlpatterns = [
    path("", console.list_uploads, name="uploads"),
    path("<uuid:pk>/", console.show_upload, name="upload"),
    path("<uuid:pk>/format/", console.choose_file_format, name="upload-format"),
    path("<uuid:pk>/columns/", console.map_columns, name="upload-columns"),
    path("<uuid:pk>/progress/", console.show_upload_progress, name="upload-progress"),
    path("<uuid:pk>/answers/", console_reviews.answer_rows, name="upload-answers"),
    path("<uuid:pk>/import/", console.start_import, name="upload-import"),
    path("<uuid:pk>/import-reversal/", console.undo_import, name="upload-import-reversal"),
    path("<uuid:pk>/removal/", console.discard_upload, name="upload-removal"),
    path("<uuid:pk>/errors.csv", console.download_failed_rows, name="upload-errors"),
]
