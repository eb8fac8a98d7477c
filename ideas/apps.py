from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


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

        pre_migrate.connect(database_rules.lift_before_migrating, sender=self)
        post_migrate.connect(database_rules.install_after_migrating, sender=self)
        names.connect()
