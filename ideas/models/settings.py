"""What the lead sets for the review: days to answer, reviewers per idea, the scheme that a new review begins with."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from ..workflow import DAYS_TO_ANSWER, Status

_DAYS = [MinValueValidator(1), MaxValueValidator(366)]


@register_setting(icon="tasks")
class ReviewSettings(BaseGenericSetting):
    days_submitted = models.PositiveSmallIntegerField(
        _("Tage bis zum Beginn der Prüfung"),
        default=DAYS_TO_ANSWER[Status.SUBMITTED],
        validators=_DAYS,
        help_text=_("So lange darf eine eingereichte Idee warten. Die Frist steht öffentlich bei jeder Idee."),
    )
    days_in_review = models.PositiveSmallIntegerField(
        _("Tage bis zur Entscheidung"), default=DAYS_TO_ANSWER[Status.IN_REVIEW], validators=_DAYS
    )
    reviewers_per_idea = models.PositiveSmallIntegerField(
        _("Prüfende je Idee"), default=2, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    scheme = models.ForeignKey(
        "ideas.ReviewScheme",
        verbose_name=_("Prüfbogen für neue Prüfungen"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    mails_overdue_list = models.BooleanField(_("Jeden Montag die überfälligen Ideen an die Leitung mailen"), default=True)
    overdue_list_sent_on = models.DateField(null=True, blank=True, editable=False)

    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel("days_submitted"), FieldPanel("days_in_review"), FieldPanel("mails_overdue_list")], heading=_("Fristen")
        ),
        MultiFieldPanel([FieldPanel("scheme"), FieldPanel("reviewers_per_idea")], heading=_("Prüfung")),
    ]

    class Meta:
        verbose_name = _("Prüfung von Ideen")

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        from ..promise import renew_due_dates

        renew_due_dates(self.days_to_answer)

    @property
    def days_to_answer(self) -> dict[Status, int]:
        """The promise in force: days per status; a status without a promise isn't in it."""
        return {Status.SUBMITTED: self.days_submitted, Status.IN_REVIEW: self.days_in_review}
