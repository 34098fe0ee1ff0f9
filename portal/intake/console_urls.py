"""The console's URLs of enquiries, suggestions and the contact form."""

from django.urls import path

from portal.intake.console import contact_form_settings, enquiries, enquiries_tab, suggestions

urlpatterns = [
    path("enquiries/", enquiries.list_enquiries, name="enquiries"),
    path("enquiries/<uuid:pk>/", enquiries.show_enquiry, name="enquiry"),
    path("enquiries/<uuid:pk>/read-status/", enquiries.change_read_status, name="enquiry-read-status"),
    path("enquiries/<uuid:pk>/assignment/", enquiries.assign_enquiry, name="enquiry-assignment"),
    path("enquiries/suggestions/", suggestions.list_change_suggestions, name="suggestions"),
    path("enquiries/suggestions/<uuid:pk>/acceptance/", suggestions.accept_suggestion, name="suggestion-acceptance"),
    path("enquiries/suggestions/<uuid:pk>/dismissal/", suggestions.dismiss_suggestion, name="suggestion-dismissal"),
    path("clients/<uuid:pk>/enquiries/", enquiries_tab.list_client_enquiries, name="client-enquiries"),
    path("settings/contact-form/", contact_form_settings.edit_contact_form_settings, name="contact-form"),
]
