"""The entry point for synchronous servers such as `runserver`: live pages poll."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilibili_monitor.settings")
application = get_wsgi_application()
