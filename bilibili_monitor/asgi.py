"""The entry point for asynchronous servers, which `up` uses: live pages stream."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilibili_monitor.settings")
application = get_asgi_application()
