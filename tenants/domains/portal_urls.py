"""Where does a portal show a sign of life?"""

from django.urls import path

from tenants.domains import views

app_name = "domain"
urlpatterns = [path("", views.sign_of_life, name="sign-of-life")]
