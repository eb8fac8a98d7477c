"""Surveys at the desk: who may do what in which state, by hand; building, copying, closing, deciding about free texts."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from participation.actions import surveys as actions
from participation.local_time import local
from participation.models import Survey, SurveyAnswer, SurveyResponse
from participation.survey_exchange import export
from participation.survey_permissions import Deed, why_not, why_not_decide
from tests.factories import UserFactory
from tests.factories import surveys as make

pytestmark = pytest.mark.django_db
EDITORS = (Role.EDITOR, Role.LEAD)
STATES = (
    "draft",
    "coming",
    "running",
    "over",
    "closed",
    "over, result to be published",
    "over, result published",
    "draft, over",
)
# Deed by deed the states in which editors and the lead may do it; nobody else ever may.
MAY = {
    Deed.CLOSE: {"running"},
    Deed.PUBLISH: {"over, result to be published"},
    Deed.READ: {"over", "closed", "over, result to be published", "over, result published", "draft, over"},
    Deed.DECIDE: {"over", "closed", "over, result to be published", "over, result published", "draft, over"},
}


def survey_in(state: str) -> Survey:
    base = {"closed": "running", "draft, over": "over"}.get(state, state.partition(",")[0])
    fields = {"results_visibility": "published"} if "result" in state else {}
    found = make.survey(base, is_published=not state.startswith("draft"), **fields)
    if state == "closed":
        actions.close(found, by=UserFactory(editor=True))
    if state == "over, result published":
        actions.publish_results(found, by=UserFactory(editor=True))
    return found


@pytest.mark.parametrize("state", STATES)
def test_editors_and_lead_do_what_fits_the_state_and_nobody_else_anything(state: str) -> None:
    found = survey_in(state)
    people = {role: UserFactory(roles=[role]) for role in Role}
    inactive = UserFactory(editor=True, is_active=False)
    for deed, states in MAY.items():
        for role, person in people.items():
            assert (why_not(person, deed, found) == "") == (role in EDITORS and state in states), (deed, role)
        assert why_not(inactive, deed, found) != ""


@pytest.mark.parametrize("role", [*Role, None])
def test_the_pages_of_the_desk_open_for_editors_and_lead_alone(client: Client, role: Role | None) -> None:
    found = make.survey("over")
    if role:
        client.force_login(UserFactory(roles=[role]))
    desk = f"/admin/umfragen-auswertung/{found.pk}/"
    pages = [
        "/admin/umfragen/", f"/admin/umfragen/edit/{found.pk}/", f"/admin/umfragen/copy/{found.pk}/", "/admin/umfragen/add/",
        desk, *(f"{desk}{page}" for page in ("vorschau/", "schliessen/", "veroeffentlichen/", "texte/")),
        *(f"{desk}{file}" for file in ("antworten.csv", "antworten.xlsx", "umfrage.json")),
        "/admin/umfragen-auswertung/einlesen/",
    ]  # fmt: skip
    for page in pages:
        assert client.get(page).status_code == (200 if role in EDITORS else 302), page


def test_nobody_else_changes_anything_by_sending_forms(client: Client) -> None:
    found = make.survey()
    answer = make.answered(found, 0, None, None, "Ein Text").answers.get(question__kind="text")
    for role in set(Role) - set(EDITORS):
        client.force_login(UserFactory(roles=[role]))
        client.post(f"/admin/umfragen-auswertung/{found.pk}/schliessen/")
        client.post(f"/admin/umfragen-auswertung/{found.pk}/texte/", {"answer": answer.pk, "action": "freigeben"})
    assert Survey.objects.get().closed_at is None
    assert not hasattr(SurveyAnswer.objects.get(pk=answer.pk), "decision")


# --- building ---------------------------------------------------------------------------------------------------------


def formset(prefix: str, rows: list[dict[str, Any]], initial: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    data |= {f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 1000}
    for place, row in enumerate(rows):
        options = row.pop("options", [])
        data |= {
            f"{prefix}-{place}-{name}": value for name, value in {"id": "", "ORDER": place + 1, "DELETE": "", **row}.items()
        }
        if prefix == "questions":
            data |= formset(f"{prefix}-{place}-options", [{"text": text} for text in options])
    return data


def questions(*rows: dict[str, Any]) -> dict[str, Any]:
    return formset("questions", [{"steps": 5, "help": "", "low_label": "", "high_label": "", **row} for row in rows])


QUESTION = {"kind": "choice", "text": "Womit?", "options": ["Bus", "Rad"], "allows_other": "on"}


def typed(**more: Any) -> dict[str, Any]:
    begin, end = local(timezone.now()), local(timezone.now() + 9 * make.DAY)
    return {
        "title": "Wie kommen Sie zur Arbeit?",
        "slug": "zur-arbeit",
        "intro": "Wir fragen alle.",
        "starts_at_day": begin.date(),
        "starts_at_time": "00:00",
        "ends_at_day": end.date(),
        "ends_at_time": "18:00",
        "mode": "anonymous",
        "results_visibility": "after_close",
        "language": "de",
        "thanks": "",
        "outcome": "",
        **({} if "questions-TOTAL_FORMS" in more else questions(QUESTION)),
        **more,
    }


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(UserFactory(editor=True))
    return client


def test_an_editor_builds_a_survey_with_its_questions_and_options(editor: Client) -> None:
    rows = (
        {"kind": "choice", "text": "Womit?", "options": ["Bus", "Rad"], "allows_other": "on", "is_required": "on"},
        {"kind": "multiple", "text": "Was fehlt?", "options": ["Bänke", "Bäume"], "most_choices": 2},
        {"kind": "scale", "text": "Wie zufrieden?", "steps": 7, "low_label": "gar nicht", "high_label": "sehr"},
        {"kind": "text", "text": "Und sonst?"},
    )
    answer = editor.post("/admin/umfragen/add/", typed(is_published="on", **questions(*rows)))
    assert answer.status_code == 302, answer.context["form"].errors
    found = Survey.objects.with_questions().get()
    assert [(each["kind"], each["text"], each["options"]) for each in found.definition()] == [
        ("choice", "Womit?", ["Bus", "Rad"]),
        ("multiple", "Was fehlt?", ["Bänke", "Bäume"]),
        ("scale", "Wie zufrieden?", []),
        ("text", "Und sonst?", []),
    ]
    assert found.state(timezone.now()) == "running"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"ends_at_day": "2020-01-01"}, "Das Ende liegt nicht nach dem Beginn."),
        ({"ends_at_time": ""}, "Bitte geben Sie auch die Uhrzeit an"),
        ({"starts_at_day": "2026-03-29", "starts_at_time": "02:30"}, "gibt es 02:30 Uhr nicht"),
        ({"slug": "Zur Arbeit"}, "Bitte nur Kleinbuchstaben"),
        ({"is_published": "on", **questions()}, "Ohne Fragen lässt sich die Umfrage nicht veröffentlichen."),
        (questions({"kind": "choice", "text": "Womit?", "options": ["Bus"]}), "mindestens zwei Antworten"),
        (questions({"kind": "choice", "text": "Womit?", "options": ["Bus", "bus"]}), "zweimal zur Wahl"),
        (questions({"kind": "text", "text": "Womit?", "options": ["Bus"]}), "gibt es nur bei einer Auswahl"),
        (questions({"kind": "scale", "text": "Womit?", "allows_other": "on"}), "„Sonstiges“ gibt es nur bei einer Auswahl."),
        (
            questions({"kind": "choice", "text": "Womit?", "options": ["a", "b"], "most_choices": 2}),
            "nur bei mehreren Antworten",
        ),
        (questions({"kind": "scale", "text": "Wie?", "steps": 9}), "kleiner oder gleich 7"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(editor: Client, more: dict[str, Any], sentence: str) -> None:
    answer = editor.post("/admin/umfragen/add/", typed(**more))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Survey.objects.exists()


def test_once_somebody_answered_the_questions_are_shown_and_stay(editor: Client) -> None:
    found = make.survey()
    make.answered(found, 0)
    page = editor.get(f"/admin/umfragen/edit/{found.pk}/").content.decode()
    assert "Es gibt schon Antworten. Darum bleiben Fragen" in page
    assert "Wie kommen Sie zur Arbeit?" in page
    assert "questions-TOTAL_FORMS" not in page
    before = found.definition()
    end = local(found.ends_at + make.DAY)
    changed = typed(title="Neuer Titel", mode="account", slug="anders", ends_at_day=end.date(), ends_at_time=f"{end:%H:%M}")
    assert editor.post(f"/admin/umfragen/edit/{found.pk}/", changed).status_code == 302
    after = Survey.objects.with_questions().get()
    assert (after.title, after.mode, after.slug, after.definition()) == ("Neuer Titel", "anonymous", found.slug, before)
    assert after.is_published
    assert after.ends_at > found.ends_at


def test_a_survey_that_is_over_gets_no_new_end(editor: Client) -> None:
    found = make.survey("over")
    make.answered(found, 0)
    assert editor.post(f"/admin/umfragen/edit/{found.pk}/", typed(outcome="Die Bänke stehen.")).status_code == 302
    after = Survey.objects.get()
    assert (after.ends_at, after.outcome) == (found.ends_at, "Die Bänke stehen.")


def test_a_first_answer_that_comes_while_an_editor_changes_the_questions_wins(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = make.survey(questions=[{"kind": "text", "text": "Womit?"}])
    from participation.desk.survey_editor import SurveyEditForm

    clean = SurveyEditForm.clean

    def answered_meanwhile(form: Any) -> Any:
        make.answered(found, "Ein Text")
        return clean(form)

    monkeypatch.setattr(SurveyEditForm, "clean", answered_meanwhile)
    answer = editor.post(f"/admin/umfragen/edit/{found.pk}/", typed(slug=found.slug))
    assert answer.status_code == 200
    assert "Gerade ist die erste Antwort gekommen." in answer.content.decode()
    assert Survey.objects.with_questions().get().definition() == found.definition()


def test_a_new_survey_starts_from_an_earlier_one(editor: Client) -> None:
    found = make.survey("over", outcome="Die Bänke stehen.")
    make.answered(found, 0)
    page = editor.get(f"/admin/umfragen/copy/{found.pk}/")
    form = page.context["form"]
    assert form["slug"].value() == f"{found.slug}-2"
    assert form["title"].value() == f"{found.title} (Kopie)"
    data = {key: "" if value is None else value for key, value in initial_data(form).items()}
    answer = editor.post(f"/admin/umfragen/copy/{found.pk}/", data)
    assert answer.status_code == 302, answer.context["form"].errors
    copy = Survey.objects.with_questions().exclude(pk=found.pk).get()
    assert copy.definition() == Survey.objects.with_questions().get(pk=found.pk).definition()
    assert (copy.outcome, copy.is_published, copy.has_answers, copy.closed_at) == ("", False, False, None)
    assert copy.starts_at > timezone.now()


def initial_data(form: Any) -> dict[str, Any]:
    """What a browser would send of this form as it is shown, with the formsets in it."""
    data: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if hasattr(value, "tzinfo"):
            day, at, _which = field.field.widget.decompress(value)
            data |= {f"{field.html_name}_day": day, f"{field.html_name}_time": f"{at:%H:%M}"}
        elif value is not False:
            data[field.html_name] = value
    for formset in getattr(form, "formsets", {}).values():
        data |= {bound.html_name: bound.value() for bound in formset.management_form}
        for each in formset.forms:
            data |= initial_data(each)
    return data


@pytest.mark.parametrize("way", ["one", "list"])
def test_an_answered_survey_is_not_deleted(editor: Client, way: str) -> None:
    found, free = make.survey(), make.survey()
    make.answered(found, 0)
    if way == "one":
        answer = editor.post(f"/admin/umfragen/delete/{found.pk}/", follow=True)
        assert editor.post(f"/admin/umfragen/delete/{free.pk}/").status_code == 302
    else:
        url = "/admin/bulk/participation/survey/delete/"
        answer = editor.post(f"{url}?id={found.pk}&id={free.pk}", follow=True)
        editor.post(f"{url}?id={free.pk}")
    assert "gibt es schon Antworten, darum lassen sie sich nicht löschen" in answer.content.decode()
    assert list(Survey.objects.all()) == [found]


# --- closing, publishing, texts ---------------------------------------------------------------------------------------


def test_closing_early_asks_back_and_is_written_down(editor: Client) -> None:
    found = make.survey(results_visibility="published")
    desk = f"/admin/umfragen-auswertung/{found.pk}/"
    assert "Das lässt sich nicht zurücknehmen." in editor.get(f"{desk}schliessen/").content.decode()
    assert Survey.objects.get().closed_at is None
    assert "Umfrage geschlossen" in editor.post(f"{desk}schliessen/", follow=True).content.decode()
    closed = Survey.objects.get()
    assert closed.closed_at is not None
    assert closed.closed_by is not None
    assert (
        "Schließen lässt sich nur eine Umfrage, die gerade läuft."
        in editor.post(f"{desk}schliessen/", follow=True).content.decode()
    )
    assert "Ergebnis veröffentlicht" in editor.post(f"{desk}veroeffentlichen/", follow=True).content.decode()
    assert Survey.objects.get().results_published_at is not None


def test_until_it_is_over_nobody_reads_answers(editor: Client) -> None:
    found = make.survey()
    make.answered(found, 0, None, None, "Ein geheimer Text")
    desk = f"/admin/umfragen-auswertung/{found.pk}/"
    for page in ("", "texte/", "antworten.csv", "antworten.xlsx", "umfrage.json"):
        content = editor.get(f"{desk}{page}", follow=True).content
        assert b"Ein geheimer Text" not in content, page
    assert "sobald die Umfrage zu Ende ist. Bis dahin sieht sie niemand." in editor.get(desk).content.decode()
    text = SurveyAnswer.objects.exclude(text="").get()
    editor.post(f"{desk}texte/", {"answer": text.pk, "action": "freigeben"})
    assert not hasattr(SurveyAnswer.objects.get(pk=text.pk), "decision")


def test_a_text_is_released_held_back_and_erased_for_a_reason(editor: Client) -> None:
    found = make.survey("over")
    make.answered(found, 0, None, None, "Ein Text")
    text, desk = SurveyAnswer.objects.exclude(text="").get(), f"/admin/umfragen-auswertung/{found.pk}/texte/"

    def send(action: str, **more: str) -> Any:
        return editor.post(desk, {"answer": text.pk, "action": action, **more}, follow=True)

    assert "Freigegeben: Alle können ihn lesen." in send("freigeben").content.decode()
    assert "Nur das Team liest ihn." in send("zuruecknehmen").content.decode()
    refused = send("entfernen", reason="  ")
    assert (refused.status_code, "Bitte geben Sie einen Grund an." in refused.content.decode()) == (422, True)
    assert "Nennt einen Menschen" in send("entfernen", reason="Nennt einen Menschen").content.decode()
    text.refresh_from_db()
    assert (text.text, text.is_redacted, text.decision.kind) == ("", True, "redacted")
    assert "Dieser Text ist schon entfernt." in send("freigeben").content.decode()
    assert why_not_decide(UserFactory(editor=True), text) != ""
    assert SurveyResponse.objects.get().answers.count() == 2


def test_a_survey_is_read_in_at_the_desk(editor: Client, tmp_path: Any) -> None:
    found = make.survey("over")
    make.answered(found, 0, [1], 2, "Ein Text")
    file = tmp_path / "umfrage.json"
    file.write_bytes(export(found))
    with file.open("rb") as content:
        assert editor.post("/admin/umfragen-auswertung/einlesen/", {"file": content}).status_code == 302
    assert Survey.objects.count() == SurveyResponse.objects.count() == 2
    file.write_text("kein JSON")
    with file.open("rb") as content:
        answer = editor.post("/admin/umfragen-auswertung/einlesen/", {"file": content})
    assert (answer.status_code, "Das ist keine JSON-Datei." in answer.content.decode()) == (422, True)
    assert "Bitte wählen Sie eine Datei aus." in editor.post("/admin/umfragen-auswertung/einlesen/").content.decode()


def test_the_list_of_surveys_takes_the_same_queries_however_many_there_are(
    editor: Client, django_assert_max_num_queries: Any
) -> None:
    for _each in range(12):
        make.answered(make.survey(), 0)
    with django_assert_max_num_queries(20):
        page = editor.get("/admin/umfragen/").content.decode()
    assert page.count("Auswertung öffnen") == 12
