"""Makes of the demo content what the demo doesn't show yet: every kind of row that an export can hold."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from accounts import contacts
from accounts.models import User
from ideas import actions
from ideas.actions.measures import record_for_measure
from ideas.actions.record import record
from ideas.models import (
    Assessment,
    Criterion,
    Follow,
    Idea,
    IdeaVersion,
    Indicator,
    IndicatorValue,
    InternalNote,
    Kpi,
    KpiValue,
    Measure,
    MeasureEntry,
    MeasureKind,
    ProgressNote,
    Proposal,
    Review,
    ReviewRound,
    ReviewScheme,
    ReviewScore,
    SchemeVersion,
    Support,
    TrailText,
)
from ideas.workflow import Action, MeasureStatus, Status, find_step
from pages.models import ZielbildPage
from tests.factories import UserFactory, make_idea

SECRET = "streng-geheim"  # stands in everything that only staff may read


def step(idea: Idea, action: Action, reason: str = "", target: Status | None = None, **fields: object) -> object:
    decision = actions.Decision(reason=reason, note=SECRET, office="Stabsstelle")
    found = find_step(action, idea.status, target)
    assert found is not None
    return record(idea, found, now=timezone.now(), decision=decision, **fields)  # type: ignore[arg-type]


def stock() -> None:
    lead: User = UserFactory(lead=True, email=f"{SECRET}@example.org")
    _measures(lead)
    kept = list(Idea.objects.public().filter(status=Status.KEPT).order_by("number")[:4])
    _merges(*kept)
    _words(lead)
    _review(kept[3], lead)
    _people(kept)
    _indicators()


def _measures(lead: User) -> None:
    first, second = Measure.objects.order_by("sort_order")[:2]
    first.project_leads.add(lead)
    kind = MeasureKind.objects.create(name="Leuchtturmprojekt", plural="Leuchtturmprojekte", slug="leuchtturmprojekt")
    Measure.objects.filter(pk=first.pk).update(kind=kind)
    Measure.objects.filter(pk=second.pk).update(
        starts_on=date(2023, 1, 1), ends_on=date(2025, 12, 31), budget_amount=Decimal("50000.50"), note="=SUM(A1)", partners="'zitiert",
        responsible_as_imported=" Abt. 5 ", time_frame_as_imported="2023–2025", priority_reasons=["quick_win", "urgent"], summary="-5 Grad",
    )  # fmt: skip
    second.refresh_from_db()
    actions.change_measure_status(second, MeasureStatus.DONE, by=lead, decision=actions.Decision(reason="Fertig.", note=SECRET))
    second.refresh_from_db()
    second.interfaces.set([second.zielbild])
    entry = record_for_measure(
        second, MeasureEntry.Kind.NOTE, now=timezone.now(), by=lead, decision=actions.Decision(reason="Gebaut.")
    )
    note = {"measure": second, "happened_on": date(2024, 5, 4), "author": lead}
    ProgressNote.objects.create(text="Gebaut.", state=Proposal.State.RELEASED, entry=entry, decided_at=timezone.now(), **note)
    ProgressNote.objects.create(text=SECRET, **note)
    kpi = Kpi.objects.filter(loesung=second.loesung).first()
    assert kpi is not None
    kpi.measure, kpi.baseline, kpi.unit, kpi.target_value = second, Decimal("-5"), "%", Decimal("100")
    kpi.save()
    value = {"kpi": kpi, "author": lead}
    KpiValue.objects.create(
        value=Decimal("12.50"), measured_on=date(2024, 1, 1), state=Proposal.State.RELEASED, entry=None, **value
    )
    KpiValue.objects.create(value=Decimal("99"), measured_on=date(2024, 2, 1), note=SECRET, **value)


def _merges(one: Idea, two: Idea, three: Idea, four: Idea) -> None:
    """Two went into one, which went into three; four went somewhere and came back."""
    step(two, Action.MERGE, "Dasselbe.", progress="", merged_into=one, merged_root=one)
    step(one, Action.ABSORB, "Dasselbe.")
    step(one, Action.MERGE, "Auch dasselbe.", progress="", merged_into=three, merged_root=three)
    Idea.objects.filter(pk=two.pk).update(merged_root=three)
    step(four, Action.MERGE, "Irrtum.", progress="", merged_into=three, merged_root=three)
    step(four, Action.UNMERGE, "Doch nicht.", Status.KEPT, merged_into=None, merged_root=None)


def _words(lead: User) -> None:
    """A reason that was blacked out, an answer that nobody has read, a newer wording that waits, a withdrawn idea."""
    blacked = make_idea(Status.REJECTED, released=True, title="=HYPERLINK(1)", text="'Zitat'\n- Punkt")
    TrailText.objects.filter(entry__idea=blacked, entry__action=Action.REJECT).update(reason="", redacted_at=timezone.now())
    asked = make_idea(Status.QUESTION, released=True)
    step(asked, Action.ANSWER, SECRET, Status.IN_REVIEW)
    edited = make_idea(Status.IN_REVIEW)
    IdeaVersion.objects.create(idea=edited, version=2, title=SECRET, text=SECRET)
    step(edited, Action.EDIT, has_newer_version=True)
    step(make_idea(Status.KEPT), Action.WITHDRAW)
    make_idea(Status.SUBMITTED, title=SECRET, text=SECRET, email=f"{SECRET}@example.com")
    make_idea(Status.UNCONFIRMED, title=SECRET)
    InternalNote.objects.create(idea=edited, author=lead, text=SECRET)
    parent = make_idea(Status.KEPT)
    child = make_idea(Status.SUBMITTED, released=True)
    Idea.objects.filter(pk=child.pk).update(origin=parent)


def _review(idea: Idea, lead: User) -> None:
    scheme = ReviewScheme.objects.create(name="Bogen", slug="bogen")
    version = SchemeVersion.objects.create(scheme=scheme, created_by=lead)
    steps = [{"value": 0, "label": "gering", "description": "@kaum"}, {"value": 1, "label": "hoch", "description": ""}]
    criterion = Criterion.objects.create(version=version, key="neu", name="Neu?", kind="scale", steps=steps)
    published = [{"stage": 1, "name": "Neu?", "result": "hoch"}]
    done = ReviewRound.objects.create(
        idea=idea, scheme_version=version, closed_at=timezone.now(), stage_one="passed", published=published, published_at=timezone.now()
    )  # fmt: skip
    review = Review.objects.create(round=done, reviewer=lead, comment=SECRET)
    ReviewScore.objects.create(review=review, criterion=criterion, answer="1", note=SECRET)
    Review.objects.filter(pk=review.pk).update(state="handed_in", handed_in_at=timezone.now())
    ReviewRound.objects.create(idea=idea, scheme_version=version)


def _people(ideas: list[Idea]) -> None:
    """One person supports them all, two of them are one family."""
    contact = contacts.contact_of_address(f"{SECRET}@example.net")
    for idea in ideas:
        Support.objects.create(idea=idea, contact=contact, person=f"c{contact.pk}")
    Support.objects.create(idea=ideas[3], person="x" + "0" * 32)
    Idea.objects.filter(pk=ideas[3].pk).update(support_count=2)
    Follow.objects.create(contact=contact, idea=ideas[0])


def _indicators() -> None:
    """One with values and two assessments of a day, one without any."""
    path = {
        "baseline": Decimal("-2.50"),
        "baseline_on": date(2024, 1, 1),
        "target": Decimal("9.75"),
        "target_on": date(2027, 1, 1),
    }
    goal, other = ZielbildPage.objects.order_by("path")[:2]
    first = Indicator.objects.create(zielbild=goal, name="=Anteil", slug="anteil", unit="%", tolerance=15, **path)
    Indicator.objects.create(zielbild=other, name="Beteiligte", slug="beteiligte", description="'Zitat'", sort_order=2, **path)
    IndicatorValue.objects.create(indicator=first, measured_on=date(2024, 5, 1), value=Decimal("0.25"), note="@geschätzt")
    IndicatorValue.objects.create(indicator=first, measured_on=date(2025, 5, 1), value=Decimal("-1"))
    for text in ("Es geht voran.", "-langsam"):
        Assessment.objects.create(indicator=first, written_on=date(2025, 6, 1), text=text, source="Umfrage")
