"""Entry point of the web process. In the embedded default it also drains the outbox."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402

if settings.EMBEDDED_WORKER:
    from common.worker import start_embedded

    start_embedded()
