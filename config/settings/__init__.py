"""Django settings, one module per subject. What differs between installations is read from environment variables."""

from config.settings.api_settings import *
from config.settings.database_settings import *
from config.settings.delivery_settings import *
from config.settings.host_settings import *
from config.settings.installation_settings import *
from config.settings.installed_apps import *
from config.settings.observability_settings import *
from config.settings.portal_settings import *
from config.settings.sign_in_settings import *
from config.settings.sms_settings import *
from config.settings.staff_settings import *
from config.settings.web_server_settings import *
from config.settings.web_settings import *
