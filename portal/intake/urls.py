"""The public URLs of the contact form."""

from django.urls import path

from portal.intake import views

app_name = "intake"
urlpatterns = [
    path("contact/", views.submit_contact_form, name="contact"),
    path("contact/thanks/", views.show_thank_you, name="thanks"),
    path("embed/contact-form/", views.submit_embedded_contact_form, name="embedded-contact"),
    path("embed/contact-form/thanks/", views.show_embedded_thank_you, name="embedded-thanks"),
]
