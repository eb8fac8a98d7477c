"""The Steckbrief of a Lösung: which questions it asks, in which order, and how a reader meets each answer.

One table for everybody: the editor's help (models/agenda.py), the public page, what must be answered before publishing
(steckbrief_form.py), and whoever copies a Steckbrief elsewhere. The six sections and their questions are those of the district's
form; where the form names the region, ours don't. Public: SECTIONS, QUESTIONS, asked(), answers(), DEFAULT_REQUIRED, required().
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .text import is_blank
from .words import words


@dataclass(frozen=True)
class Question:
    """`field` of LoesungPage, or the name of what hangs on it (`kind` "related"). `label` and `question` are what editors read,
    `heading` and `anchor` what readers meet. `kind`: "text" is a section of its own, "fact" stands in the column beside."""

    number: str
    field: str
    label: Any
    question: Any
    heading: Any
    anchor: str
    kind: str = "text"

    @property
    def is_text(self) -> bool:
        return self.kind == "text"

    @property
    def is_field(self) -> bool:
        """Whether editors answer it on the page itself; measures have a list of their own."""
        return self.field != "measures"


@dataclass(frozen=True)
class Section:
    number: str
    title: Any
    tab: Any
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Answer:
    question: Question
    value: Any


_SITUATION = (
    Question("1.1", "intro", _("Kurzbeschreibung"), words.later(_("Kurzbeschreibung %(the_gen_loesung)s")),
             _("Kurz gesagt"), "kurz", "lead"),
    Question("1.1", "sub_goals", words.later(_("%(Pl_teilziel)s")), _("Was soll damit im Einzelnen erreicht werden?"),
             words.later(_("%(Pl_teilziel)s")), "teilziele", "list"),
    Question("1.2", "problem", _("Probleme"), words.later(_("Welche Probleme in Stadt / Region löst %(this_loesung)s?")),
             _("Welche Probleme löst das?"), "problem"),
    Question("1.3", "model_character", _("Modellhaft"), words.later(_("Warum ist %(the_loesung)s modellhaft?")),
             _("Was ist daran modellhaft?"), "modellhaft"),
    Question("1.4", "novelty", _("Neu daran"), _("Wie geht Ihr Ansatz über das hinaus, was es schon gibt?"),
             _("Was ist neu daran?"), "neu"),
    Question("1.5", "transfer", _("Übertragbar"), words.later(_(
                 "Wie könnten weitere Kommunen von der Umsetzung bzw. Weiterentwicklung %(this_gen_loesung)s profitieren? "
                 "Wie kann %(it_loesung)s auf andere Gemeinden oder Landkreise übertragen werden?")),
             _("Wie können andere das übernehmen?"), "uebertragbar"),
    Question("1.6", "measures", words.later(_("%(Pl_massnahme)s")),
             words.later(_("Welche konkreten %(pl_massnahme)s sind %(this_dat_loesung)s zuzuordnen?")),
             words.later(_("%(Pl_massnahme)s")), "massnahmen", "related"),
)  # fmt: skip
_PEOPLE = (
    Question("2.1", "target_groups", _("Zielgruppen"), _("Welche Zielgruppe adressiert Ihre Projektidee?"),
             _("Zielgruppen"), "zielgruppen", "fact"),
    Question("2.2", "reach", _("Zielgruppengröße und Reichweite"),
             _("Wie viele Menschen erreicht das? Bitte wählen Sie genau eine Stufe."), _("Reichweite"), "reichweite", "fact"),
    Question("2.3", "personas", _("Personas"), words.later(_("Welche Personas profitieren durch %(the_acc_loesung)s am meisten?")),
             _("Wem das hilft"), "personas", "related"),
    Question("2.4", "synergies", words.later(_("Synergien innerhalb der Agenda")),
             words.later(_("Synergien zu anderen %(pl_dat_loesung)s. Schreiben Sie jede nur einmal auf: Sie erscheint auf beiden Seiten.")),
             words.later(_("Andere %(pl_loesung)s")), "synergien", "related"),
    Question("2.5", "project_synergies", _("Synergien zu bestehenden Projekten"),
             _("Synergien zu Projekten, die es in der Region schon gibt: Name und Beschreibung der Synergie"),
             _("Bestehende Projekte"), "projekte", "list"),
)  # fmt: skip
_RESPONSIBLE = (
    Question("3.1", "responsible_units", words.later(_("%(Verwaltung)s")), _("Abteilung / Team"),
             _("Verantwortlich in der Verwaltung"), "verantwortlich", "fact"),
    Question("3.2", "municipalities", words.later(_("%(Pl_kommunen)s")), _("Wer vor Ort ist beteiligt? Zum Beispiel: alle"),
             words.later(_("%(Pl_kommunen)s")), "kommunen", "fact"),
    Question("3.3", "partners", _("Weitere regionale Umsetzungspartner"), _("Institution / Akteur / Unternehmen"),
             _("Weitere Partner"), "partner", "fact"),
)  # fmt: skip
_FIGURES = (
    Question("4.1", "kpis", _("Kennzahlen (KPI) und ihre Zielwerte"),
             _("Woran messen Sie den Erfolg, und welchen Wert soll die Kennzahl erreichen?"),
             _("Woran wir den Erfolg messen"), "kennzahlen", "related"),
)  # fmt: skip
_MONEY = (
    Question("5.1", "budget_eur", _("Budget in Euro"), _("Ca. … Euro. Leer: nicht beziffert"), _("Budget"), "budget", "fact"),
    Question("5.2", "is_sustainable", _("Langfristig tragfähig"), _("Ist das langfristig tragfähig? Leer: keine Angabe"),
             _("Langfristig tragfähig"), "tragfaehig", "fact"),
    Question("5.3", "continuation", _("Verstetigungspotenzial"), _("Wie geht es nach der Förderung weiter?"),
             _("Wie geht es nach der Förderung weiter?"), "verstetigung"),
    Question("5.4", "operating_model", _("Potenzielles Betriebsmodell"), _("Wer betreibt das, und wie?"),
             _("Wer betreibt das?"), "betrieb"),
    Question("5.5", "cooperation", _("Zusammenarbeit"),
             _("Falls eine Zusammenarbeit mit anderen Modellprojekten geplant ist, skizzieren Sie diese bitte."),
             _("Mit wem arbeiten wir zusammen?"), "zusammenarbeit"),
)  # fmt: skip
_CONTEXT = (
    Question("6.1", "urban_development", _("Stadtentwicklung"), words.later(_(
                 "Trägt %(the_loesung)s dazu bei, ein stadtentwicklungspolitisches Ziel mit digitalen Mitteln zu befördern, oder wie "
                 "geht %(it_loesung)s mit einer Auswirkung der Digitalisierung auf stadtentwicklungspolitische Ziele um?")),
             _("Wie hilft das der Entwicklung der Region?"), "stadtentwicklung"),
    Question("6.2", "strategy", _("Strategie"), words.later(_(
                 "Basiert %(the_loesung)s auf einer entsprechenden Strategie, und ist %(it_loesung)s so ausgestaltet, dass "
                 "%(it_loesung)s auch unter langfristiger Berücksichtigung der Ressourcenbedarfe tragfähig ist?")),
             _("Auf welcher Strategie beruht das?"), "strategie"),
)  # fmt: skip

SECTIONS: tuple[Section, ...] = (
    Section("1", words.later(_("Beschreibung %(the_gen_loesung)s")), _("1 Beschreibung"), _SITUATION),
    Section("2", _("Zielgruppe, Personas und Synergieeffekte"), _("2 Zielgruppen und Synergien"), _PEOPLE),
    Section("3", _("Verantwortung für die Projektumsetzung"), _("3 Verantwortung"), _RESPONSIBLE),
    Section("4", _("Kennzahlen (Key Performance Indicators, KPI)"), _("4 Kennzahlen"), _FIGURES),
    Section("5", _("Budget und Nachhaltigkeit"), _("5 Budget"), _MONEY),
    Section("6", _("Stadtentwicklungspolitische Einordnung"), _("6 Einordnung"), _CONTEXT),
)
QUESTIONS: dict[str, Question] = {question.field: question for section in SECTIONS for question in section.questions}

# What the district's form has for every one of its 13 Lösungen.
DEFAULT_REQUIRED: tuple[str, ...] = (
    "intro", "problem", "model_character", "novelty", "transfer", "target_groups", "partners", "kpis",
    "continuation", "operating_model", "cooperation", "urban_development", "strategy",
)  # fmt: skip


def asked(field: str) -> Question:
    """The question that this field answers. Raises KeyError for a field that is none of the Steckbrief's."""
    return QUESTIONS[field]


def answers(page: Any) -> list[Answer]:
    """What a LoesungPage itself says, in the order of the form; questions without an answer are left out. What hangs on the page
    (measures, personas, synergies, figures) costs queries of its own and is asked for by whoever shows it."""
    return [
        Answer(question, value)
        for question in QUESTIONS.values()
        if question.kind != "related" and not is_empty(value := getattr(page, question.field))
    ]


def is_empty(value: Any) -> bool:
    """Whether nothing was answered. 0 euros and „no“ are answers."""
    if isinstance(value, str):
        return is_blank(value)
    return value is None or (not isinstance(value, bool | int) and not value)


def required(chosen: Iterable[str] | None) -> list[str]:
    """The fields that must be answered before a page is published: SiteSettings.required_answers, in the order of the form."""
    wanted = set(DEFAULT_REQUIRED if chosen is None else chosen)
    return [field for field, question in QUESTIONS.items() if field in wanted and question.is_field]
