"""The public URLs of the contact form."""

from django.urls import path

from portal.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.contact, name="contact"),
    path("thanks/", views.thanks, name="thanks"),
]
