"""The portal's URLs of visits."""

from django.urls import path
from django.views.generic import TemplateView

app_name = "visits"
urlpatterns = [path("hours/", TemplateView.as_view(template_name="visits/_section.html"), name="hours")]
