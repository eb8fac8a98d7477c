"""Reports and values of project leads: written for their own measures, public once the lead has released them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from common import outbox
from common.models import OutboxMessage
from ideas import actions
from ideas.models import Kpi, KpiValue, Measure, MeasureEntry, ProgressNote, TrailText
from ideas.models.measure import Proposal
from tests.at_once import at_once
from tests.factories import LoesungFactory, MeasureFactory, UserFactory

DAY = date(2025, 5, 2)
WORDS = "Die ersten fünf Bänke stehen."


def measure_of(person: Any = None) -> Measure:
    loesung = LoesungFactory()
    measure = MeasureFactory(zielbild=loesung.zielbild, loesung=loesung, title="Mitfahrbänke")
    if person:
        measure.project_leads.add(person)
    return measure


def kpi_of(measure: Measure | None, **fields: Any) -> Kpi:
    loesung = measure.loesung if measure else LoesungFactory()
    return Kpi.objects.create(loesung=loesung, measure=measure, **{"name": "Fahrten", "unit": "Fahrten im Monat", **fields})


@pytest.fixture
def lead(db: None) -> Any:
    return UserFactory(lead=True)


@pytest.fixture
def author(db: None) -> Any:
    return UserFactory(project_lead=True, email="projekt@example.net")


# --- a report -----------------------------------------------------------------------------------------------------------


def test_a_report_waits_unseen_until_the_lead_releases_it(lead: Any, author: Any, client: Client) -> None:
    measure = measure_of(author)
    note = actions.propose_note(measure, happened_on=DAY, text=WORDS, by=author)
    assert note.state == Proposal.State.WAITING
    assert not MeasureEntry.objects.exists()
    assert WORDS not in client.get(measure.get_absolute_url()).content.decode()
    entry = actions.release_proposal(note, by=lead, office="Stabsstelle")
    assert entry is not None
    assert (entry.kind, entry.happened_on, entry.text.reason, entry.office) == ("note", DAY, WORDS, "Stabsstelle")
    stored = ProgressNote.objects.get()
    assert (stored.state, stored.decided_by, stored.entry) == (Proposal.State.RELEASED, lead, entry)
    page = client.get(measure.get_absolute_url()).content.decode()
    assert WORDS in page
    assert "2. Mai 2025" in page
    assert author.email not in page


def test_the_leads_own_report_is_public_at_once_and_nobody_gets_a_mail(lead: Any) -> None:
    note = actions.propose_note(measure_of(), happened_on=DAY, text=WORDS, by=lead)
    assert (note.state, note.entry_id) == (Proposal.State.RELEASED, MeasureEntry.objects.get().pk)
    assert not OutboxMessage.objects.filter(kind="ideas.proposal").exists()


def test_its_author_is_told_of_the_release(lead: Any, author: Any) -> None:
    note = actions.propose_note(measure_of(author), happened_on=DAY, text=WORDS, by=author)
    outbox.drain()
    mail.outbox.clear()
    actions.release_proposal(note, by=lead)
    outbox.drain()
    [letter] = mail.outbox
    assert letter.to == ["projekt@example.net"]
    assert letter.subject == f"Ihr Bericht ist veröffentlicht: {note.measure}"
    assert WORDS in letter.body
    assert note.measure.get_absolute_url() in letter.body


def test_its_author_is_told_why_it_was_declined_and_nothing_is_public(lead: Any, author: Any) -> None:
    note = actions.propose_note(measure_of(author), happened_on=DAY, text=WORDS, by=author)
    actions.decline_proposal(note, answer="Bitte nennen Sie noch die Orte.", by=lead)
    outbox.drain()
    letter = mail.outbox[-1]
    assert letter.subject == f"Bitte überarbeiten Sie Ihren Bericht: {note.measure}"
    assert "Bitte nennen Sie noch die Orte." in letter.body
    assert ProgressNote.objects.get().state == Proposal.State.DECLINED
    assert not MeasureEntry.objects.exists()


def test_nothing_is_declined_without_words(lead: Any, author: Any) -> None:
    note = actions.propose_note(measure_of(author), happened_on=DAY, text=WORDS, by=author)
    with pytest.raises(actions.Refused, match="was noch fehlt"):
        actions.decline_proposal(note, answer="  ", by=lead)
    assert ProgressNote.objects.get().is_waiting


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": " … "}, "in ein paar Sätzen"),
        ({"text": "x" * 5001}, "in ein paar Sätzen"),
        ({"happened_on": timezone.localdate() + timedelta(days=2)}, "in der Zukunft"),
        ({"happened_on": date(1, 1, 1)}, "nach dem 1. Januar 1990"),
    ],
)
def test_a_report_that_can_not_be_is_refused_in_a_sentence(author: Any, fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(actions.Refused, match=sentence):
        actions.propose_note(measure_of(author), **{"happened_on": DAY, "text": WORDS, "by": author, **fields})
    assert not ProgressNote.objects.exists()


def test_the_same_report_sent_twice_is_kept_once(author: Any) -> None:
    measure = measure_of(author)
    actions.propose_note(measure, happened_on=DAY, text=WORDS, by=author)
    with pytest.raises(actions.Refused, match="gibt es schon"):
        actions.propose_note(measure, happened_on=DAY, text=WORDS, by=author)
    assert ProgressNote.objects.count() == 1


def test_a_report_dated_today_does_not_lie_in_the_future(lead: Any) -> None:
    measure = measure_of()
    actions.propose_note(measure, happened_on=timezone.localdate(), text=WORDS, by=lead)
    assert measure.trail.get().happened_at <= timezone.now()
    assert measure.trail.get().happened_on == timezone.localdate()


# --- a value ------------------------------------------------------------------------------------------------------------


def test_a_released_value_stands_in_the_way_beside_the_one_before(lead: Any, author: Any) -> None:
    measure = measure_of(author)
    kpi = kpi_of(measure)
    actions.propose_value(kpi, measured_on=date(2025, 1, 31), value=Decimal("980"), by=lead)
    value = actions.propose_value(kpi, measured_on=DAY, value=Decimal("1250.5"), note="ohne Feiertage", by=author)
    entry = actions.release_proposal(value, by=lead)
    assert entry is not None
    assert entry.changes == [{"label": "Fahrten", "before": "980 Fahrten im Monat", "after": "1.250,5 Fahrten im Monat"}]
    assert (entry.kind, entry.happened_on, entry.text.reason) == ("kpi", DAY, "ohne Feiertage")
    assert list(kpi.values.values_list("state", flat=True)) == ["released", "released"]


def test_a_value_of_a_loesung_is_shown_there_and_belongs_to_no_measure(lead: Any, client: Client) -> None:
    kpi = kpi_of(None)
    value = actions.propose_value(kpi, measured_on=DAY, value=Decimal(12), by=lead)
    assert (value.state, value.entry) == (Proposal.State.RELEASED, None)
    assert not MeasureEntry.objects.exists()


def test_a_figure_has_one_value_a_day_unless_it_was_declined(lead: Any, author: Any) -> None:
    kpi = kpi_of(measure_of(author))
    first = actions.propose_value(kpi, measured_on=DAY, value=Decimal(1), by=author)
    with pytest.raises(actions.Refused, match="schon einen Wert"):
        actions.propose_value(kpi, measured_on=DAY, value=Decimal(2), by=author)
    actions.decline_proposal(first, answer="Vertippt?", by=lead)
    actions.propose_value(kpi, measured_on=DAY, value=Decimal(2), by=author)
    assert sorted(KpiValue.objects.values_list("value", "state")) == [(1, "declined"), (2, "waiting")]


def test_the_lead_corrects_a_public_value_and_both_stand_in_the_way(lead: Any, author: Any, client: Client) -> None:
    measure = measure_of(author)
    kpi = kpi_of(measure)
    wrong = actions.propose_value(kpi, measured_on=DAY, value=Decimal(1250), by=lead)
    with pytest.raises(actions.Refused, match="schon einen Wert"):
        actions.propose_value(kpi, measured_on=DAY, value=Decimal(125), by=author)
    actions.propose_value(kpi, measured_on=DAY, value=Decimal(125), by=lead)
    assert [entry.changes[0] for entry in measure.trail.order_by("position")] == [
        {"label": "Fahrten", "before": "", "after": "1.250 Fahrten im Monat"},
        {"label": "Fahrten, berichtigt", "before": "1.250 Fahrten im Monat", "after": "125 Fahrten im Monat"},
    ]
    assert [value.value for value in measure.kpis.with_public_values()[0].public_values] == [125]
    assert KpiValue.objects.get(pk=wrong.pk).answer == "Berichtigt: 125 Fahrten im Monat"
    with pytest.raises(actions.Refused, match="schon einen Wert"):
        actions.propose_value(kpi, measured_on=DAY, value=Decimal(125), by=lead)


# --- two leads ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["release", "decline"])
def test_of_two_leads_at_once_one_decides_and_the_other_is_told(second: str) -> None:
    author, leads = UserFactory(project_lead=True), [UserFactory(lead=True), UserFactory(lead=True)]
    note = actions.propose_note(measure_of(author), happened_on=DAY, text=WORDS, by=author)
    for lead in leads:
        assert lead.roles
    pages = [ProgressNote.objects.get(pk=note.pk) for _ in leads]
    other = {
        "release": lambda: actions.release_proposal(pages[1], by=leads[1]),
        "decline": lambda: actions.decline_proposal(pages[1], answer="Noch nicht.", by=leads[1]),
    }[second]
    results = at_once([lambda: actions.release_proposal(pages[0], by=leads[0]), other])
    assert sum(isinstance(result, actions.Overtaken) for result in results) == 1, results
    stored = ProgressNote.objects.get()
    released = stored.state == Proposal.State.RELEASED
    assert MeasureEntry.objects.count() == TrailText.objects.count() == int(released)
    assert OutboxMessage.objects.filter(kind="ideas.proposal").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_reports_released_at_once_both_stand_in_the_way() -> None:
    author, leads = UserFactory(project_lead=True), [UserFactory(lead=True), UserFactory(lead=True)]
    measure = measure_of(author)
    for name in ("eins", "zwei"):
        actions.propose_note(measure, happened_on=DAY, text=f"Bank {name}", by=author)
    for lead in leads:
        assert lead.roles
    pages = list(ProgressNote.objects.all())
    results = at_once(
        [lambda note=note, lead=lead: actions.release_proposal(note, by=lead) for note, lead in zip(pages, leads, strict=True)]
    )
    assert all(isinstance(result, MeasureEntry) for result in results), results
    assert sorted(measure.trail.values_list("position", flat=True)) == [1, 2]
    assert Measure.objects.get(pk=measure.pk).trail_length == 2


# --- who may ------------------------------------------------------------------------------------------------------------

# role: writes for a measure of their own, for another's, releases and declines
TABLE = {
    Role.CITIZEN: (False, False, False),
    Role.REVIEWER: (False, False, False),
    Role.LEAD: (True, True, True),
    Role.PROJECT_LEAD: (True, False, False),
    Role.EDITOR: (False, False, False),
    Role.MODERATOR: (False, False, False),
    Role.JURY: (False, False, False),
    Role.ADMIN: (False, False, False),
}


def worked(call: Any) -> bool:
    try:
        call()
    except actions.Refused:
        return False
    return True


@pytest.mark.parametrize("role", Role)
def test_who_writes_and_who_releases(db: None, role: Role) -> None:
    person, author = UserFactory(roles=[role]), UserFactory(project_lead=True)
    own, others, nobodys = measure_of(person), measure_of(author), kpi_of(None)
    on_own, on_others, decides = TABLE[role]
    for measure, expected in ((own, on_own), (others, on_others)):
        kpi = kpi_of(measure)
        assert worked(lambda m=measure: actions.propose_note(m, happened_on=DAY, text=WORDS, by=person)) is expected
        assert worked(lambda k=kpi: actions.propose_value(k, measured_on=DAY, value=Decimal(1), by=person)) is expected
    assert worked(lambda: actions.propose_value(nobodys, measured_on=DAY, value=Decimal(1), by=person)) is decides
    for number, decide in enumerate(("release", "decline")):
        note = actions.propose_note(others, happened_on=DAY, text=f"Bank {number}", by=author)
        value = actions.propose_value(kpi_of(others), measured_on=DAY, value=Decimal(number), by=author)
        for proposal in (note, value):
            if decide == "release":
                assert worked(lambda p=proposal: actions.release_proposal(p, by=person)) is decides
            else:
                assert worked(lambda p=proposal: actions.decline_proposal(p, answer="Nein.", by=person)) is decides


def test_a_closed_account_writes_and_releases_nothing(db: None) -> None:
    gone, author = UserFactory(lead=True, is_active=False), UserFactory(project_lead=True)
    note = actions.propose_note(measure_of(author), happened_on=DAY, text=WORDS, by=author)
    assert not worked(lambda: actions.release_proposal(note, by=gone))
    assert not worked(lambda: actions.propose_note(measure_of(gone), happened_on=DAY, text=WORDS, by=gone))
