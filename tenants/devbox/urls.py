"""Where is the demo outbox?"""

from django.urls import path

from tenants.devbox import views

app_name = "devbox"
urlpatterns = [
    path("/", views.outbox, name="outbox"),
    path(".json", views.feed, name="feed"),
    path("/<str:name>/mail/", views.mail, name="mail"),
]
