from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    name = "participation"
    verbose_name = "Beteiligung"

    def ready(self) -> None:
        from . import beside_ideas, database_rules, filters, page_context, sitemaps  # noqa: F401
