from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    name = "participation"
    verbose_name = "Beteiligung"

    def ready(self) -> None:
        from . import (  # noqa: F401
            author_links,
            beside_ideas,
            database_rules,
            demo,
            filters,
            housekeeping,
            jury_mails,
            log_actions,
            mail_samples,
            notifications,
            page_context,
            sitemaps,
            survey_rules,
        )
