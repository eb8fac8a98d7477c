from django.apps import AppConfig


class IdeasConfig(AppConfig):
    name = "ideas"
    verbose_name = "Ideen"

    def ready(self) -> None:
        from . import (  # noqa: F401
            checks,
            database_rules,
            documents,
            housekeeping,
            indicators,
            news,
            notifications,
            page_context,
            promise,
            sitemaps,
        )
        from .desk import names
        from .exchange import jobs  # noqa: F401

        names.connect()
