"""Where are the pages of uploaded lists?"""

from django.urls import path

from portal.clients.console import invitations
from portal.clients.uploads import console

urlpatterns = [
    path("", console.listing, name="uploads"),
    path("<uuid:pk>/", console.upload, name="upload"),
    path("<uuid:pk>/format/", console.file_format, name="upload-format"),
    path("<uuid:pk>/columns/", console.columns, name="upload-columns"),
    path("<uuid:pk>/progress/", console.progress, name="upload-progress"),
    path("<uuid:pk>/take-over/", console.take_over, name="upload-take-over"),
    path("<uuid:pk>/invite/", invitations.invite_imported, name="upload-invite"),
    path("<uuid:pk>/undo/", console.undo, name="upload-undo"),
    path("<uuid:pk>/discard/", console.discard, name="upload-discard"),
    path("<uuid:pk>/errors.csv", console.failures, name="upload-errors"),
]
