"""Where does the console begin?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.ui import console
from tenants.staff.sections import Section

SECTION = Section(label=_("Home"), url_name="home", icon="home", permission="home.view", position=0)

urlpatterns = [path("", console.home, name="home")]
