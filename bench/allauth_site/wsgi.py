"""Where does its web server enter?"""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
