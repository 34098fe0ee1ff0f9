"""Where is an invitation taken up?"""

from django.urls import path

from portal.team import views

app_name = "team"
urlpatterns = [
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("invitations/<uuid:pk>/accept/", views.accept, name="accept"),
]
