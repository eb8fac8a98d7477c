"""Bringing tables in and taking data away, in the back office."""

import io
import re
import time
import zipfile
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.roles import Role
from common import outbox
from ideas.exchange import jobs
from ideas.models import ExchangeJob, Idea, Measure
from ideas.workflow import MeasureStatus, Status
from tests.factories import LoesungFactory, UserFactory, ZielbildFactory, make_idea

OVERVIEW = "/admin/ideen/austausch/"
TABLE = "Nr;Titel;Status;Handlungsfeld\n1;Eins;läuft;Gesundheit\n2;Zwei;fraglich;Gesundheit\n"


class Wizard:
    """One lead and the pages of an import."""

    def __init__(self, client):
        self.client, self.job = client, None

    def upload(self, content, kind="measures", name="liste.csv"):
        data = content if isinstance(content, bytes) else content.encode()
        response = self.client.post(OVERVIEW, {"kind": kind, "file": SimpleUploadedFile(name, data)})
        if response.status_code == 302:
            self.job = ExchangeJob.objects.get(pk=int(re.search(r"(\d+)/$", response.url)[1]))
        return response

    def url(self, step):
        return reverse(f"ideas_desk:exchange_{step}", args=[self.job.pk])

    def form(self):
        return self.client.get(self.url("columns")).context["form"]

    def map(self, **changes):
        """Send the second step as it stands, with changes by the label of a column or word, or the name of a field."""
        form = self.form()
        data = {}
        for name, field in form.fields.items():
            data[name] = changes.get(name, changes.get(field.label, field.initial or ""))
        return self.client.post(self.url("columns"), data)

    def rehearse(self):
        return self.client.get(self.url("rehearsal"))

    def bring_in(self):
        response = self.client.post(self.url("rehearsal"))
        with TestCase.captureOnCommitCallbacks(execute=True):
            outbox.drain()
        self.job.refresh_from_db()
        return response

    def progress(self):
        return self.client.get(self.url("progress"))


@pytest.fixture
def wizard(at_desk, lead):
    return Wizard(at_desk(lead).client)


def text(response):
    return response.content.decode()


# --- who may ---------------------------------------------------------------------------------------------------------

PAGES = ["overview", "upload", "columns", "save columns", "rehearsal", "import", "progress", "public data", "internal data"]
# By hand: who gets past the door of each page.
MAY = {
    None: [],
    Role.CITIZEN: [],
    Role.REVIEWER: [],
    Role.LEAD: PAGES,
    Role.PROJECT_LEAD: [],
    Role.EDITOR: [],
    Role.MODERATOR: [],
    Role.JURY: [],
    Role.ADMIN: [],
}


def knock(client, page, job):
    """Whether this person gets what they ask for."""

    def address(step):
        return reverse(f"ideas_desk:exchange_{step}", args=[job.pk])

    ask = {
        "overview": lambda: client.get(OVERVIEW).status_code == 200,
        "upload": lambda: client.post(OVERVIEW, {"kind": "measures"}).status_code == 422,
        "columns": lambda: client.get(address("columns")).status_code == 200,
        "save columns": lambda: client.post(address("columns"), {}).status_code == 422,
        "rehearsal": lambda: client.get(address("rehearsal")).status_code == 200,
        "import": lambda: client.post(address("rehearsal")) and ExchangeJob.objects.get(pk=job.pk).state == "waiting",
        "progress": lambda: client.get(address("progress")).url.endswith(f"/{job.pk}/"),
        "public data": lambda: (
            client.post(f"{OVERVIEW}holen/", {"what": "oeffentlich"}).get("Content-Type") == "application/zip"
        ),
        "internal data": lambda: client.post(f"{OVERVIEW}holen/", {"what": "intern"}).get("Content-Type") == "application/zip",
    }
    return bool(ask[page]())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", MAY, ids=lambda role: role.name if role else "nobody")
def test_only_the_lead_brings_data_in_or_takes_it_away(role, page, at_desk, lead):
    job = jobs.upload("measures", TABLE.encode(), "liste.csv", lead)
    client = at_desk(UserFactory(roles=(role,) if role else ())).client
    assert knock(client, page, job) is (page in MAY[role])
    if page not in MAY[role]:
        assert list(ExchangeJob.objects.values_list("kind", "state")) == [("measures", "uploaded")]


def test_a_superuser_may_and_a_guest_is_sent_to_the_door(site, client):
    assert unquote(client.get(OVERVIEW, follow=True).redirect_chain[-1][0]) == f"/konto/login/?next={OVERVIEW}"
    assert client.post(f"{OVERVIEW}holen/").status_code == 302
    client.force_login(UserFactory(is_superuser=True, is_staff=True), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(OVERVIEW).status_code == 200


def test_data_is_never_taken_away_by_a_mere_link(wizard):
    assert wizard.client.get(f"{OVERVIEW}holen/").status_code == 405


# --- the four steps --------------------------------------------------------------------------------------------------


def test_a_table_goes_in_by_four_steps(wizard):
    ZielbildFactory(title="Gesundheit")
    assert wizard.upload(TABLE).status_code == 302
    page = text(wizard.client.get(wizard.url("columns")))
    assert "CSV, UTF-8, getrennt durch Semikolon" in page
    assert "2 Zeilen mit Inhalt" in page
    form = wizard.form()
    proposed = {field.label: field.initial for field in form.fields.values()}
    assert [proposed[label] for label in ("Nr", "Titel", "Status", "Handlungsfeld")] == ["code", "title", "status", "zielbild"]
    assert [proposed[word] for word in ("läuft", "fraglich")] == ["implementation", ""]
    assert wizard.map().url == wizard.url("rehearsal")
    page = text(wizard.rehearse())
    assert "Das Wort „fraglich“ kennen wir nicht" in page
    assert "Jetzt einlesen" not in page
    assert wizard.map(fraglich="planning").url == wizard.url("rehearsal")
    assert "Jetzt einlesen" in text(wizard.rehearse())
    assert not Measure.objects.exists(), "a rehearsal changes nothing"
    assert wizard.bring_in().url == wizard.url("progress")
    assert "Fertig. Alles ist eingelesen." in text(wizard.progress())
    assert list(Measure.objects.values_list("code", "status")) == [("1", "implementation"), ("2", "planning")]
    assert not wizard.job.file.storage.exists(wizard.job.file.name), "the file isn't needed any more"


def test_while_it_runs_the_page_says_how_far_it_is(wizard):
    ZielbildFactory(title="Gesundheit")
    wizard.upload(TABLE.replace("fraglich", "offen"))
    wizard.client.post(wizard.url("rehearsal"))
    assert "Gleich geht es los" in text(wizard.progress())
    jobs._tell(wizard.job, 500, 4000)
    assert "500 von 4000 Zeilen sind geschrieben" in text(wizard.progress())
    assert wizard.client.get(wizard.url("columns")).url == wizard.url("progress"), "nothing to change any more"


def test_the_button_pressed_twice_brings_it_in_once(wizard):
    ZielbildFactory(title="Gesundheit")
    wizard.upload(TABLE.replace("fraglich", "offen"))
    wizard.client.post(wizard.url("rehearsal"))
    wizard.client.post(wizard.url("rehearsal"))
    outbox.drain()
    assert Measure.objects.count() == 2
    wizard.client.post(wizard.url("rehearsal"))
    outbox.drain()
    assert Measure.objects.count() == 2


def test_what_changed_between_rehearsal_and_import_keeps_all_out(wizard):
    ZielbildFactory(title="Gesundheit")
    idea = make_idea(Status.KEPT)
    wizard.upload(f"Nr;Titel;Zielbild;Ideen\n1;Eins;Gesundheit;\n2;Zwei;Gesundheit;{idea.number}\n")
    assert "Jetzt einlesen" in text(wizard.rehearse())
    from ideas import actions
    from ideas.workflow import Action

    actions.take(idea, Action.REOPEN, by=UserFactory(lead=True), decision=actions.Decision(reason="Neu zu prüfen."))
    wizard.bring_in()
    page = text(wizard.progress())
    assert "Es wurde nichts eingelesen." in page
    assert escape("Nur eine behaltene Idee geht in eine Maßnahme ein.") in page
    assert not Measure.objects.exists()


def test_a_fault_of_ours_leaves_nothing_behind_and_is_said(wizard, monkeypatch):
    ZielbildFactory(title="Gesundheit")
    wizard.upload(TABLE.replace("fraglich", "offen"))
    from ideas.exchange import measures_in

    monkeypatch.setattr(measures_in.MeasureReader, "finish", lambda self: 1 / 0)
    wizard.bring_in()
    assert jobs.WENT_WRONG in text(wizard.progress())
    assert not Measure.objects.exists()
    monkeypatch.undo()
    wizard.bring_in()
    assert Measure.objects.count() == 2


def test_ideas_go_in_the_same_way(wizard):
    wizard.upload("Nummer;Titel;Status\n7;Bänke;angenommen\n", kind="ideas")
    wizard.map()
    wizard.bring_in()
    assert Idea.objects.get().number == 7


def test_a_loesung_can_be_chosen_for_all_rows(wizard):
    loesung = LoesungFactory()
    wizard.upload("Nr;Titel\n1;Eins\n")
    assert "Es fehlt, zu welchem Zielbild" in text(wizard.rehearse())
    choice = wizard.form().fields["loesung"].choices[1][0]
    wizard.map(loesung=choice)
    wizard.bring_in()
    assert Measure.objects.get().loesung == loesung


def test_one_thing_in_two_columns_is_refused_and_the_choice_is_kept(wizard):
    wizard.upload("Nr;Titel;Untertitel\n1;Eins;Zwei\n")
    response = wizard.map(Untertitel="title")
    assert response.status_code == 422
    assert escape("„Titel“ steht schon in der Spalte „Titel“.") in text(response)
    response = wizard.map(Titel="", Untertitel="")
    assert escape("Bitte wählen Sie eine Spalte für „Titel“.") in text(response)


def test_another_column_for_the_status_brings_other_words(wizard):
    wizard.upload("Nr;Titel;Status;Ampel\n1;Eins;x;grün\n")
    assert wizard.map(Status="", Ampel="status").url == wizard.url("columns")
    assert "grün" in [field.label for field in wizard.form().fields.values()]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "leer"),
        (b"PK\x03\x04", "beschädigt"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07\x08", "keine Tabelle"),
        (b"a" * (10 * 2**20 + 1), "10 MB"),
    ],
)
def test_what_is_no_table_is_said_beside_the_field(wizard, content, says):
    response = wizard.upload(content)
    assert response.status_code == 422
    assert says in text(response)
    assert not ExchangeJob.objects.exists()


def test_nothing_in_a_file_becomes_part_of_the_page(wizard):
    wizard.upload("Nr;<b>Titel</b>;Status\n<script>1</script>;<img src=x>;<i>hm</i>\n", name="<u>.csv")
    for page in (text(wizard.client.get(wizard.url("columns"))), text(wizard.rehearse()), text(wizard.client.get(OVERVIEW))):
        assert not any(tag in page for tag in ("<script>1", "<img src=x", "<i>hm", "<b>Titel", "<u>.csv"))


def test_a_forgotten_upload_is_deleted_with_its_file(wizard, django_capture_on_commit_callbacks):
    wizard.upload(TABLE)
    assert jobs.delete_forgotten_uploads() == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.delete_forgotten_uploads(timezone.now() + timedelta(days=8)) == 1
    assert not ExchangeJob.objects.exists()
    assert not wizard.job.file.storage.exists(wizard.job.file.name)


# --- taking data away ------------------------------------------------------------------------------------------------


def test_public_data_holds_no_person_internal_data_does_and_both_are_noted(wizard, lead):
    make_idea(Status.KEPT, title="Bänke", email="gast@example.org")
    make_idea(Status.SUBMITTED, title="Noch geheim", email="gast@example.org")

    def take(what):
        response = wizard.client.post(f"{OVERVIEW}holen/", {"what": what})
        assert "no-store" in response["Cache-Control"]
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    public, internal = take("oeffentlich"), take("intern")
    assert "Bänke".encode() in public["ideen.csv"]
    csv_and_json = [content for name, content in public.items() if not name.endswith(".xlsx")]
    assert not any(b"example.org" in content or b"Noch geheim" in content for content in csv_and_json)
    assert all(name.startswith("intern/") for name in internal)
    assert b"gast@example.org" in internal["intern/absender.csv"]
    assert b"Noch geheim" in internal["intern/fassungen.csv"]
    assert list(ExchangeJob.objects.order_by("pk").values_list("kind", "created_by")) == [
        ("export", lead.pk),
        ("export_staff", lead.pk),
    ]
    assert "Interne Daten geholt" in text(wizard.client.get(OVERVIEW))


# --- five thousand rows ----------------------------------------------------------------------------------------------

WORDS = ["in Umsetzung", "In Umsetzung ", "erledigt", "offen", "in Bearbeitung", "Abgeschlossen / In Umsetzung", "geplant"]
MEANT = ["implementation", "implementation", "done", "idea", "implementation", "implementation", "planning"]
WRONG = {100: "Status", 2500: "Titel", 4999: "Ideen"}


def town(size, *, wrong):
    """A table as another town has it: a title line, other columns in another order, empty and doubled rows."""
    lines = [
        "Maßnahmenliste der Stadt Musterstadt, Stand 2025",
        "",
        "Umsetzungsstand;Bemerkungen;Handlungsfeld;Projekttitel;lfd. Nr.;Ideen-IDs;Laufzeit",
    ]
    rows = {}
    for number in range(1, size + 1):
        word, title, ideas = WORDS[number % len(WORDS)], f"Vorhaben Nr. {number}", ""
        if wrong and number in WRONG:
            word = "unklar" if WRONG[number] == "Status" else word
            title = "" if WRONG[number] == "Titel" else title
            ideas = "4711" if WRONG[number] == "Ideen" else ""
        lines.append(f"{word};=1+{number};Gesundheit;{title};{number};{ideas};2023–2025")
        rows[number] = len(lines)
        if number % 1000 == 0:
            lines += [";;;;;;", lines[-1]]
    return "\r\n".join(lines).encode("cp1252"), rows


@pytest.mark.slow
def test_five_thousand_measures_of_another_town(wizard, django_assert_max_num_queries):
    ZielbildFactory(title="Gesundheit")
    content, rows = town(5000, wrong=True)
    assert wizard.upload(content).status_code == 302
    assert wizard.map().status_code == 302
    with django_assert_max_num_queries(40):
        page = text(wizard.rehearse())
    for number, words in {
        100: "„unklar“ kennen wir nicht",
        2500: "Der Titel fehlt",
        4999: "Idee 4711 gibt es hier nicht",
    }.items():
        assert re.search(rf'<th scope="row">{rows[number]}</th>.*{words}', page), number
    assert re.search(r"<dt>Fehler</dt><dd>3</dd>", page)
    assert re.search(r"<dt>übersprungen</dt><dd>10</dd>", page)
    assert "Jetzt einlesen" not in page
    wizard.bring_in()  # whoever presses the button by force
    assert wizard.job.state == "failed"
    assert not Measure.objects.exists()

    content, _rows = town(5000, wrong=False)
    wizard.upload(content)
    wizard.map()
    begun = time.monotonic()
    with django_assert_max_num_queries(400):
        wizard.bring_in()
    assert time.monotonic() - begun < 120
    assert wizard.job.state == "done"
    assert wizard.job.report["counts"] == {"neu": 5000, "geändert": 0, "unverändert": 0, "übersprungen": 10, "Fehler": 0}
    assert Measure.objects.count() == 5000
    measures = {measure.code: measure for measure in Measure.objects.filter(code__in=map(str, range(1, 8)))}
    assert [measures[str(number)].status for number in range(1, 8)] == [MEANT[number % 7] for number in range(1, 8)]
    assert measures["1"].note == "=1+1"
    assert str(measures["1"].ends_on) == "2025-12-31"
    assert measures["1"].status == MeasureStatus.IMPLEMENTATION
