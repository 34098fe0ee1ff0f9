"""The public URLs of the contact form."""

from django.urls import path

from portal.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.submit_contact_form, name="contact"),
    path("thanks/", views.show_thank_you, name="thanks"),
]
