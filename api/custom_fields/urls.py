"""URLs of custom fields in the business API."""

from django.urls import path

from api.custom_fields import views

app_name = "custom_fields"
urlpatterns = [
    path("", views.CustomFieldListView.as_view(), name="list"),
    path("order/", views.CustomFieldOrderView.as_view(), name="order"),
    path("<uuid:field_id>/", views.CustomFieldView.as_view(), name="detail"),
]
