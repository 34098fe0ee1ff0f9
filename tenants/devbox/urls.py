"""Where is the demo outbox?"""

from django.urls import path

from tenants.devbox import views

app_name = "devbox"
urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox.json", views.feed, name="feed"),
    path("outbox/<str:name>/mail/", views.mail, name="mail"),
]
