"""URLs of message templates in the business API."""

from django.urls import path

from api.message_templates import views

app_name = "message_templates"
urlpatterns = [
    path("", views.MessageTemplateListView.as_view(), name="list"),
    path("<slug:channel>/<slug:kind>/<slug:language>/", views.MessageTemplateView.as_view(), name="detail"),
    path("<slug:channel>/<slug:kind>/<slug:language>/preview/", views.PreviewView.as_view(), name="preview"),
]
