"""What a survey gave: how many took part, and question by question the counts, the mean of a scale, the texts that everybody
may read. Every number is counted from the single answers each time; nothing is stored."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Count
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ideas.bars import Drawing, Number, Row, bars

from .models import Survey, SurveyAnswer, SurveyQuestion, SurveyTextDecision
from .survey_form import step_label

Kind = SurveyQuestion.Kind


@dataclass(frozen=True)
class Counted:
    """One possible answer and how many gave it. `value` is the step of a scale."""

    label: str
    count: int
    value: int | None = None


@dataclass(frozen=True)
class QuestionResult:
    """`answered`: how many questionnaires say something to this question. `texts`: the free texts that are released."""

    number: int
    question: SurveyQuestion
    answered: int
    counts: list[Counted] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    text_count: int = 0

    @property
    def mean(self) -> Fraction | None:
        steps = self._steps()
        return Fraction(sum(steps), len(steps)) if steps else None

    @property
    def median(self) -> Fraction | None:
        steps = self._steps()
        middle = len(steps) // 2
        if not steps:
            return None
        return Fraction(steps[middle]) if len(steps) % 2 else Fraction(steps[middle - 1] + steps[middle], 2)

    def _steps(self) -> list[int]:
        return sorted(each.value for each in self.counts if each.value is not None for _one in range(each.count))

    @property
    def hidden_texts(self) -> int:
        return self.text_count - len(self.texts)

    @property
    def drawing(self) -> Drawing | None:
        """The counts as bars with their table; None where only texts were asked for."""
        if not self.counts:
            return None
        rows = [
            Row(each.label, [Number(each.label, each.count)], text=_with_share(each.count, self.answered))
            for each in self.counts
        ]
        return bars(
            f"frage-{self.number}-bild",
            _("Antworten auf Frage %(number)s") % {"number": self.number},
            "",
            rows,
            [_("Antwort"), _("Anzahl")],
            # Room for the share behind a bar that is as long as can be.
            highest=-(
                -5 * (max(each.count for each in self.counts) if self.question.kind == Kind.SCALE else self.answered) // 4
            ),
        )

    @property
    def sentence(self) -> str:
        """How many answered, of a scale with mean and median."""
        answered = ngettext("%(n)s Person hat geantwortet.", "%(n)s Personen haben geantwortet.", self.answered) % {
            "n": self.answered
        }
        more = ""
        if self.question.kind == Kind.MULTIPLE and self.counts:
            more = _("Mehrere Antworten waren möglich.")
        if self.mean is not None and self.median is not None:
            words = {"mean": decimal(self.mean, 1), "median": decimal(self.median, 1), "steps": self.question.steps}
            more = _("Mittelwert %(mean)s, Median %(median)s auf der Skala von 1 bis %(steps)s.") % words
        return f"{answered} {more}".strip()


@dataclass(frozen=True)
class Results:
    survey: Survey
    participants: int
    questions: list[QuestionResult]


def decimal(number: Fraction, places: int) -> str:
    """As people write it here, rounded half up."""
    scale = 10**places
    rounded = (number * scale + Fraction(1, 2)) // 1
    return number_format(Fraction(rounded, scale).__float__(), places)


def results_of(survey: Survey) -> Results:
    """Four queries besides those for the questionnaire, however many answered."""
    answers = SurveyAnswer.objects.filter(response__survey=survey)
    options: Counter[int] = Counter()
    steps: Counter[tuple[int, int]] = Counter()
    texts: Counter[int] = Counter()
    grouped = answers.order_by().values_list("question", "option", "value").annotate(hits=Count("pk"))
    for question, option, value, hits in grouped:
        if option is not None:
            options[option] += hits
        elif value is not None:
            steps[question, value] += hits
        else:
            texts[question] += hits
    answered = dict(answers.order_by().values_list("question").annotate(hits=Count("response", distinct=True)))
    released = _released(survey)
    return Results(
        survey,
        survey.responses.count(),
        [
            QuestionResult(
                place,
                each,
                answered.get(each.pk, 0),
                _counts(each, options, steps, texts),
                released.get(each.pk, []),
                texts[each.pk],
            )
            for place, each in enumerate(survey.questions.all(), start=1)
        ],
    )


def _counts(
    question: SurveyQuestion, options: Counter[int], steps: Counter[tuple[int, int]], texts: Counter[int]
) -> list[Counted]:
    if question.kind == Kind.SCALE:
        return [
            Counted(step_label(question, value), steps[question.pk, value], value) for value in range(1, question.steps + 1)
        ]
    if question.kind == Kind.TEXT:
        return []
    counts = [Counted(option.text, options[option.pk]) for option in question.options.all()]
    return [*counts, Counted(_("Sonstiges"), texts[question.pk])] if question.allows_other else counts


def _released(survey: Survey) -> dict[int, list[str]]:
    """The texts that everybody may read, by question, in the order of the alphabet, which tells nothing of when."""
    rows: Iterable[Any] = SurveyTextDecision.objects.filter(
        kind=SurveyTextDecision.Kind.RELEASED, answer__response__survey=survey
    ).values_list("answer__question", "answer__text")
    found: dict[int, list[str]] = {}
    for question, text in rows:
        found.setdefault(question, []).append(text)
    return {question: sorted(own, key=str.casefold) for question, own in found.items()}


def _with_share(count: int, all_of_them: int) -> str:
    if not all_of_them:
        return str(count)
    return _("%(count)s (%(share)s %%)") % {"count": count, "share": decimal(Fraction(100 * count, all_of_them), 0)}
