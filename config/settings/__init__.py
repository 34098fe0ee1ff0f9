"""Django settings, one module per subject. What differs between installations is read from environment variables."""

from config.settings.apps import *
from config.settings.database import *
from config.settings.environment import *
from config.settings.hosts import *
from config.settings.observability import *
from config.settings.sending import *
from config.settings.sign_in import *
from config.settings.staff import *
from config.settings.web import *
