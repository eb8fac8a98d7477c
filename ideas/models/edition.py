"""The agenda as it was adopted: a frozen copy of the live data with a number. What was adopted never changes again
(database_rules.py); a correction is a new version of the year, with what it corrects and why."""

import json
from typing import Any, ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ..workflow import PublicState
from .trail import hash_of


class Unchangeable(Exception):
    """An adopted edition never changes and never goes; a correction is a new version of its year."""

    def __init__(self, edition: "Edition") -> None:
        super().__init__(
            f"Die Edition {edition.key} ist beschlossen und ändert sich nicht mehr. Berichtigungen sind neue Fassungen."
        )


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, user: Any) -> Self:
        """Proposals and adopted editions are public; drafts are for who writes them."""
        if user.has_perm("ideas.change_edition"):
            return self
        return self.exclude(state=Edition.State.DRAFT)

    def by_key(self, key: str) -> Self:
        """The edition with this name in addresses (Edition.key)."""
        year, _dash, version = key.partition("-")
        return self.filter(year=int(year), version=int(version or 1))

    def adopted(self) -> Self:
        return self.filter(state=Edition.State.ADOPTED)

    def before(self, edition: "Edition") -> "Edition | None":
        """The edition that was adopted before this one: the last version of an earlier year, or an earlier one of its own."""
        earlier = Q(year__lt=edition.year) | Q(year=edition.year, version__lt=edition.version)
        return self.adopted().filter(earlier).order_by("-year", "-version").first()

    def corrections_of(self, edition: "Edition") -> Self:
        """Adopted later versions of the same year, the newest first."""
        later = self.adopted().filter(year=edition.year, version__gt=edition.version)
        return later.order_by("-version").without_data()

    def without_data(self) -> Self:
        """For lists: the frozen agenda of a whole region is heavy."""
        return self.defer("data")


class Edition(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        PROPOSAL = "proposal", _("Vorschlag")
        ADOPTED = "adopted", _("Beschlossen")

    year = models.PositiveSmallIntegerField(_("Jahr"), help_text=_("Das Jahr, für das die Agenda gilt"))
    version = models.PositiveSmallIntegerField(_("Fassung"), default=1)
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(_("Titel"), max_length=150)
    foreword = models.TextField(_("Vorwort"), blank=True, help_text=_("Absätze durch eine leere Zeile trennen"))
    correction = models.TextField(_("Was diese Fassung berichtigt"), blank=True)
    # The frozen agenda (ideas/editions/freeze.py says what is in it), and the hash of its canonical JSON.
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    data_hash = models.CharField(max_length=64, blank=True)
    as_of = models.DateField(_("Stand der Daten"), default=timezone.localdate)
    frozen_at = models.DateTimeField(null=True, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    body = models.CharField(_("Beschlossen von"), max_length=120, blank=True)
    adopted_on = models.DateField(_("Beschlossen am"), null=True, blank=True)
    resolution_number = models.CharField(_("Nummer des Beschlusses"), max_length=60, blank=True)

    objects: ClassVar[EditionQuerySet] = EditionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Edition der Agenda")
        verbose_name_plural = _("Editionen der Agenda")
        ordering = ("-year", "-version")
        constraints = (
            models.UniqueConstraint(fields=["year", "version"], name="versions_of_an_edition_are_numbered"),
            models.UniqueConstraint(
                fields=["year"],
                condition=~Q(state="adopted"),
                name="an_edition_has_one_open_version",
                violation_error_message=_("Für dieses Jahr ist schon eine Fassung offen."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposal", "adopted"]), name="an_edition_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted")
                | (Q(adopted_on__isnull=False) & ~Q(body="") & ~Q(resolution_number="") & ~Q(data_hash="")),
                name="an_adopted_edition_names_its_resolution",
                violation_error_message=_("Zum Beschluss gehören Gremium, Datum und Nummer."),
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(correction=""),
                name="a_correction_says_what_it_corrects",
                violation_error_message=_("Bitte schreiben Sie, was diese Fassung berichtigt."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.key})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_if_adopted()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("edition_detail", args=[self.key])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_if_adopted()
        return super().delete(*args, **kwargs)

    def _refuse_if_adopted(self) -> None:
        """What counts is what stands in the database, whatever this object says of itself. The database refuses too."""
        if self.pk and type(self).objects.filter(pk=self.pk, state=self.State.ADOPTED).exists():
            raise Unchangeable(self)

    @property
    def key(self) -> str:
        """Its name in addresses: the year, and the number of a later version behind it: 2026, 2026-2."""
        return str(self.year) if self.version == 1 else f"{self.year}-{self.version}"

    @property
    def seen(self) -> str:
        """What tells whether somebody still looks at the same: the data's hash and that of the texts. For hidden fields."""
        texts = json.dumps([self.title, self.foreword, self.correction])
        return f"{self.data_hash}-{hash_of(texts)[:16]}"

    @property
    def is_adopted(self) -> bool:
        return self.state == self.State.ADOPTED

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_proposal(self) -> bool:
        return self.state == self.State.PROPOSAL

    @property
    def resolution(self) -> str:
        """Who adopted it, when and under which number; '' as long as nobody has."""
        if not self.is_adopted:
            return ""
        return str(_("Beschlossen von: %(body)s, am %(date)s, Beschluss %(number)s")) % {
            "body": self.body,
            "date": date_format(self.adopted_on) if self.adopted_on else "",
            "number": self.resolution_number,
        }

    @property
    def desk_icon(self) -> str:
        """Wagtail's sign for the state, beside its word."""
        names = {self.State.DRAFT: "draft", self.State.PROPOSAL: "time", self.State.ADOPTED: "success"}
        return names[self.State(self.state)]

    @property
    def public_state(self) -> PublicState:
        """Its state as people see it: a word, a sign and a tone."""
        icon, tone = {
            self.State.DRAFT: ("edit", "neutral"),
            self.State.PROPOSAL: ("inbox", "warn"),
            self.State.ADOPTED: ("check", "success"),
        }[self.State(self.state)]
        return PublicState(self.state, self.State(self.state).label, icon, tone, "")


class EditionFile(models.Model):
    """A file drawn from an edition: its PDF. Only a drawing: it is drawn anew when what is shown of the data changes."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="files")
    language = models.CharField(max_length=5, default="de")
    content = models.BinaryField()
    data_hash = models.CharField(max_length=64)  # of all that it shows (editions/pdf.py)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Datei einer Edition")
        constraints = (models.UniqueConstraint(fields=["edition", "language"], name="an_edition_has_one_file_a_language"),)

    def __str__(self) -> str:
        return f"{self.edition_id}.{self.language}.pdf"
