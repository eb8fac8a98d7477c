import sys
from types import ModuleType

from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    name = "participation"
    verbose_name = "Beteiligung"

    def ready(self) -> None:
        self._take_back_what_comments_xtd_sets_in_motion()
        from . import (  # noqa: F401
            author_links,
            beside_ideas,
            comment_housekeeping,
            comment_mails,
            comment_rules,
            confirming,
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

    def _take_back_what_comments_xtd_sets_in_motion(self) -> None:
        """On every save of a comment it would publish or hide all replies with it, and count them once more (docs/adr/0012).

        Its template tags, which Django would import for the first page it renders, bring its views, its REST API, its signed
        pickles and a form that Django 6 refuses: an empty module stands in their place.
        """
        for name in ("django_comments.templatetags", "django_comments_xtd.templatetags"):
            sys.modules.setdefault(name, ModuleType(name))
        from django.db.models.signals import pre_save
        from django_comments_xtd.models import publish_or_unpublish_on_pre_save

        pre_save.disconnect(publish_or_unpublish_on_pre_save, sender=self.get_model("Comment"))
