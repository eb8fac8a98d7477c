from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "Grundlagen"

    def ready(self) -> None:
        from . import database_rules, limits, proof_of_work  # noqa: F401

        pre_migrate.connect(database_rules.lift_before_migrating, sender=self)
        post_migrate.connect(database_rules.install_after_migrating, sender=self)
