"""URLs of text messages in the business API."""

from django.urls import path

from api.text_messages import views

app_name = "text-messages"
urlpatterns = [
    path("usage/", views.TextMessageUsageView.as_view(), name="usage"),
    path("stops/", views.SmsStopListView.as_view(), name="stops"),
    path("stops/<uuid:stop_id>/lifting/", views.SmsStopLiftingView.as_view(), name="stop-lifting"),
]
