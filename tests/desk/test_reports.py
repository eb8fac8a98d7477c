"""The desk's pages of reports: project leads write, the lead releases; a measure gets another name."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.roles import Role
from ideas import actions
from ideas.models import Kpi, KpiValue, MeasureEntry, ProgressNote
from tests.desk.test_inbox import cost
from tests.factories import LoesungFactory, MeasureFactory, UserFactory

REPORTS = "/admin/ideen/berichte/"
WORDS = "Die ersten fünf Bänke stehen."


@pytest.fixture
def author(db):
    return UserFactory(project_lead=True, first_name="Petra", last_name="Projekt")


@pytest.fixture
def measure(author):
    loesung = LoesungFactory()
    measure = MeasureFactory(zielbild=loesung.zielbild, loesung=loesung, title="Mitfahrbänke")
    measure.project_leads.add(author)
    return measure


@pytest.fixture
def kpi(measure):
    return Kpi.objects.create(loesung=measure.loesung, measure=measure, name="Fahrten", unit="Fahrten im Monat")


def page_of(measure):
    return reverse("ideas_desk:report", args=[measure.pk])


def write(desk, measure, **fields):
    return desk.client.post(page_of(measure), {"kind": "bericht", "happened_on": "2025-05-02", "text": WORDS, **fields})


def enter(desk, kpi, **fields):
    data = {"kind": "wert", "kpi": kpi.pk, "measured_on": "2025-05-02", "value": "1.250,5", **fields}
    return desk.client.post(page_of(kpi.measure), data)


def decide(desk, proposal, decision, **fields):
    return desk.client.post(
        reverse("ideas_desk:decide_report", args=[proposal.kind, proposal.pk, decision]), fields, follow=True
    )


def test_a_project_lead_sees_their_own_measures_and_no_others(at_desk, author, measure):
    other = MeasureFactory(title="Trinkbrunnen")
    page = at_desk(author).client.get(REPORTS).content.decode()
    assert str(measure) in page
    assert str(other) not in page
    assert at_desk(author).client.get(page_of(other)).status_code == 302
    assert write(at_desk(author), other).status_code == 302
    assert not ProgressNote.objects.exists()


def test_a_report_and_a_value_are_written_released_and_told(at_desk, author, lead, measure, kpi):
    desk = at_desk(author)
    assert write(desk, measure).status_code == 302
    assert enter(desk, kpi, note="ohne Ferien").status_code == 302
    note, value = ProgressNote.objects.get(), KpiValue.objects.get()
    assert (note.happened_on, note.text, note.author) == (date(2025, 5, 2), WORDS, author)
    assert (value.value, value.note) == (Decimal("1250.5"), "ohne Ferien")
    assert "wartet auf Freigabe" in desk.client.get(REPORTS).content.decode()
    inbox = at_desk(lead).client.get(REPORTS).content.decode()
    for words in (WORDS, "Fahrten: 1.250,5 Fahrten im Monat", "Petra Projekt", "Stabsstelle Test"):
        assert words in inbox
    for proposal in (note, value):
        assert "Veröffentlicht" in decide(at_desk(lead), proposal, "freigeben").content.decode()
    assert sorted(measure.trail.values_list("kind", "office")) == [("kpi", "Stabsstelle Test"), ("note", "Stabsstelle Test")]
    assert "freigegeben" in desk.client.get(REPORTS).content.decode()


def test_what_is_given_back_can_be_written_anew(at_desk, author, lead, measure):
    write(at_desk(author), measure)
    note = ProgressNote.objects.get()
    missing = decide(at_desk(lead), note, "zurueckgeben", answer="")
    assert "was noch fehlt" in missing.content.decode()
    assert ProgressNote.objects.get().is_waiting
    decide(at_desk(lead), note, "zurueckgeben", answer="Wo stehen sie?")
    desk = at_desk(author)
    page = desk.client.get(REPORTS).content.decode()
    assert "Wo stehen sie?" in page
    again = f"{page_of(measure)}?bericht={note.pk}"
    assert again in page
    assert WORDS in desk.client.get(again).content.decode()
    stranger = at_desk(UserFactory(lead=True)).client.get(again).content.decode()
    assert WORDS not in stranger
    assert write(desk, measure, text=f"{WORDS} In Mayen.").status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Bitte schreiben Sie in ein paar Sätzen"),
        ({"happened_on": ""}, "Bitte geben Sie einen Tag an."),
        ({"happened_on": "gestern"}, "Bitte geben Sie ein Datum an"),
        ({"happened_on": "2999-01-01"}, "liegt in der Zukunft"),
        ({"happened_on": "0001-01-01"}, "nach dem 1. Januar 1990"),
    ],
)
def test_a_wrong_report_is_explained_and_what_was_typed_stays(fields, sentence, at_desk, author, measure):
    response = write(at_desk(author), measure, **fields)
    page = response.content.decode()
    assert response.status_code in (200, 409)
    assert sentence in page
    if "text" not in fields:
        assert WORDS in page
    assert not ProgressNote.objects.exists()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1.250,5", "1250.5"),
        ("1250,5", "1250.5"),
        ("1250.5", "1250.5"),
        ("1.250", "1250"),
        ("12.50", "12.5"),
        ("-3", "-3"),
        ("−3,5", "-3.5"),
        ("1 250", "1250"),
    ],
)
def test_a_number_is_read_as_people_here_write_it(typed, stored, at_desk, author, kpi):
    assert enter(at_desk(author), kpi, value=typed).status_code == 302
    assert KpiValue.objects.get().value == Decimal(stored)


@pytest.mark.parametrize("typed", ["", "viele", "1,2,3", "1e999", "NaN", "9" * 20, "0,001"])
def test_a_number_that_is_none_is_refused_and_stays_in_its_field(typed, at_desk, author, kpi):
    response = enter(at_desk(author), kpi, value=typed)
    assert response.status_code == 200
    assert not KpiValue.objects.exists()
    if typed:
        assert f'value="{typed}"' in response.content.decode()


def test_a_second_value_of_a_day_is_refused_in_a_sentence(at_desk, author, kpi):
    enter(at_desk(author), kpi)
    response = enter(at_desk(author), kpi, value="7")
    assert response.status_code == 409
    assert "Für diesen Tag gibt es schon einen Wert" in response.content.decode()


def test_a_figure_of_another_measure_can_not_be_chosen(at_desk, author, measure):
    other = Kpi.objects.create(loesung=measure.loesung, name="Fremd")
    data = {"kind": "wert", "kpi": other.pk, "measured_on": "2025-05-02", "value": "1"}
    assert at_desk(author).client.post(page_of(measure), data).status_code == 200
    assert not KpiValue.objects.exists()


def test_who_comes_too_late_is_told_so(at_desk, author, lead, measure):
    write(at_desk(author), measure)
    note = ProgressNote.objects.get()
    actions.release_proposal(ProgressNote.objects.get(), by=lead)
    page = decide(at_desk(lead), note, "zurueckgeben", answer="Nein.").content.decode()
    assert "inzwischen jemand anderes entschieden" in page
    assert MeasureEntry.objects.count() == 1


@pytest.mark.parametrize("role", Role)
def test_who_sees_the_pages_of_reports(role, at_desk, author, measure):
    note = actions.propose_note(measure, happened_on=date(2025, 5, 2), text=WORDS, by=author)
    desk = at_desk(UserFactory(roles=[role]))
    reads = desk.client.get(REPORTS).status_code == 200
    assert reads is (role in {Role.LEAD, Role.PROJECT_LEAD})
    assert (WORDS in desk.client.get(REPORTS).content.decode()) is (role is Role.LEAD)
    assert (desk.client.get(page_of(measure)).status_code == 200) is (role is Role.LEAD)
    desk.client.post(reverse("ideas_desk:decide_report", args=["bericht", note.pk, "freigeben"]))
    assert ProgressNote.objects.get().is_released is (role is Role.LEAD)
    relabel = reverse("ideas_desk:relabel", args=[measure.pk])
    assert (desk.client.get(relabel).status_code == 200) is (role in {Role.LEAD, Role.REVIEWER})


def test_the_menu_leads_project_leads_to_their_reports(at_desk, author, reviewer):
    assert f'href="{REPORTS}"' in unescaped(at_desk(author).client.get("/admin/"))
    assert f'href="{REPORTS}"' not in unescaped(at_desk(reviewer).client.get("/admin/"))


def test_the_leads_start_page_says_how_many_reports_wait(at_desk, author, lead, reviewer, measure, kpi):
    write(at_desk(author), measure)
    enter(at_desk(author), kpi)
    assert "2 Berichte warten auf Freigabe" in at_desk(lead).client.get("/admin/").content.decode()
    assert "auf Freigabe" not in at_desk(reviewer).client.get("/admin/").content.decode()


def unescaped(response):
    """The menu stands in the page as data for a script."""
    page = response.content.decode()
    return page.replace('"url": "', 'href="')


def test_the_page_of_reports_costs_the_same_for_many(at_desk, author, lead, measure, kpi):
    desk = at_desk(lead)

    def add(number):
        actions.propose_note(measure, happened_on=date(2025, 5, 2), text=f"Bank {number}", by=author)
        actions.propose_value(kpi, measured_on=date(2025, 5, 1 + number), value=Decimal(1), by=author)

    add(0)
    page = lambda: desk.client.get(REPORTS)  # noqa: E731
    page()
    short = cost(page)
    for number in range(1, 8):
        add(number)
    assert cost(page) == short <= 20


def test_a_measure_is_relabelled_with_its_reason(at_desk, reviewer, measure):
    desk, address = at_desk(reviewer), reverse("ideas_desk:relabel", args=[measure.pk])
    assert desk.client.get(address).status_code == 200
    data = {
        "code": measure.code,
        "title": "Digitale Mitfahrbänke",
        "zielbild": measure.zielbild_id,
        "loesung": measure.loesung_id,
        "seen": 0,
    }
    missing = desk.client.post(address, data)
    assert "Bitte begründen Sie die Änderung" in missing.content.decode()
    assert 'value="Digitale Mitfahrbänke"' in missing.content.decode()
    assert desk.client.post(address, {**data, "reason": "Beschluss vom Mai."}).status_code == 302
    entry = measure.trail.get()
    assert entry.changes == [{"label": "Titel", "before": "Mitfahrbänke", "after": "Digitale Mitfahrbänke"}]
    assert (entry.text.reason, entry.text.actor, entry.office) == ("Beschluss vom Mai.", reviewer, "Stabsstelle Test")
    late = desk.client.post(address, {**data, "title": "Anders", "reason": "Auch gut."})
    assert late.status_code == 409
    assert "diese Maßnahme inzwischen bearbeitet" in late.content.decode()
    assert "Auch gut." in late.content.decode()
    assert 'name="seen" value="1"' in late.content.decode()
