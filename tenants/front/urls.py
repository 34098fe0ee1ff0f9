"""Where is the platform's front page?"""

from django.urls import path

from tenants.front import views

app_name = "front"
urlpatterns = [path("", views.front, name="front")]
