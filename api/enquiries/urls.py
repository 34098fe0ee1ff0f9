"""URLs of enquiries in the business API."""

from django.urls import path

from api.enquiries import views

app_name = "enquiries"
urlpatterns = [
    path("", views.EnquiryListView.as_view(), name="list"),
    path("<uuid:enquiry_id>/", views.EnquiryView.as_view(), name="detail"),
    path("<uuid:enquiry_id>/assignment/", views.EnquiryAssignmentView.as_view(), name="assignment"),
]
