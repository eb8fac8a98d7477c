from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    name = "participation"
    verbose_name = "Beteiligung"

    def ready(self) -> None:
        from . import database_rules, notifications  # noqa: F401
