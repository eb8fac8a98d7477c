"""What comments are about: one row for each thing on which there are any."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

_ONE_TARGET = (
    Q(idea__isnull=False, measure=None, page=None)
    | Q(idea=None, measure__isnull=False, page=None)
    | Q(idea=None, measure=None, page__isnull=False)
)


class Discussion(models.Model):
    """The comments on one idea, one measure, or one page (news, Lösung) with all of its languages.

    It goes with its thing as long as nobody has commented; comments hold it, and with it the thing.

    `comment_count`: how many can be read now. A merge moves no row: the page of an idea shows the discussions of its family
    (discussions.py).
    """

    idea = models.OneToOneField("ideas.Idea", null=True, blank=True, on_delete=models.CASCADE, related_name="discussion")
    measure = models.OneToOneField("ideas.Measure", null=True, blank=True, on_delete=models.CASCADE, related_name="discussion")
    page = models.OneToOneField("wagtailcore.Page", null=True, blank=True, on_delete=models.CASCADE, related_name="discussion")
    is_closed = models.BooleanField(_("Keine neuen Kommentare"), default=False)
    comment_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Diskussion")
        verbose_name_plural = _("Diskussionen")
        constraints = (models.CheckConstraint(condition=_ONE_TARGET, name="a_discussion_is_about_one_thing"),)

    def __str__(self) -> str:
        return f"Kommentare zu {self.target}"

    @property
    def target(self) -> Any:
        return self.idea or self.measure or self.page
