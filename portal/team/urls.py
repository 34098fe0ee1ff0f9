"""URLs below /staff/ at which somebody opens and accepts an invitation."""

from django.urls import path

from portal.team import views

app_name = "team"
urlpatterns = [
    path("invitation/<str:token>/", views.show_invitation, name="invitation"),
    path("invitations/<uuid:pk>/acceptance/", views.accept_invitation, name="invitation-acceptance"),
]
