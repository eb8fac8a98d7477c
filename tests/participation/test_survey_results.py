"""The result is what the answers say: random surveys are counted a second time by hand, from what was put in."""

import csv
import io
import json
import random
import statistics
from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from participation import survey_exchange, survey_files
from participation.actions import surveys as actions
from participation.models import Survey, SurveyAnswer
from participation.survey_results import results_of
from tests.factories import UserFactory
from tests.factories import surveys as make

pytestmark = pytest.mark.django_db
FORMULAS = ("=1+1", "+49 261 1", "-5", "@SUM(A1)", "\t=1", "＝1", "'=1")


def random_survey(dice: random.Random) -> tuple[Survey, list[list[Any]]]:
    """A survey with one to seven questions, and what up to forty people say, row by row as `make.said` takes it."""
    questions = [random_question(dice, place) for place in range(dice.randint(1, 7))]
    found = make.survey("over", questions=questions)
    rows = [[random_answer(dice, question) for question in questions] for _person in range(dice.randint(0, 40))]
    rows = [row for row in rows if any(answer not in (None, []) for answer in row)]
    for row in rows:
        make.answered(found, *row)
    return found, rows


def random_question(dice: random.Random, place: int) -> dict[str, Any]:
    kind = dice.choice(["choice", "multiple", "scale", "text"])
    question: dict[str, Any] = {"kind": kind, "text": f"Frage {place}"}
    if kind in ("choice", "multiple"):
        question |= {"options": [f"Antwort {n}" for n in range(dice.randint(1, 6))], "allows_other": dice.random() < 0.5}
    return {**question, "steps": dice.randint(3, 7)} if kind == "scale" else question


def random_answer(dice: random.Random, question: dict[str, Any]) -> Any:
    if dice.random() < 0.2:
        return None
    words = f"Wort {dice.randint(1, 999)}" if dice.random() < 0.8 else dice.choice(FORMULAS[:4])
    if question["kind"] == "text":
        return words
    if question["kind"] == "scale":
        return dice.randint(1, question["steps"])
    places = [*range(len(question["options"])), *([words] if question["allows_other"] else [])]
    return dice.choice(places) if question["kind"] == "choice" else dice.sample(places, dice.randint(0, len(places)))


def counted_by_hand(questions: list[dict[str, Any]], rows: list[list[Any]]) -> list[dict[str, Any]]:
    """Question by question: how many answered, each answer with its count, mean and median of a scale."""
    found = []
    for place, question in enumerate(questions):
        given = [row[place] if isinstance(row[place], list) else [row[place]] for row in rows]
        given = [[one for one in each if one is not None] for each in given]
        hits = Counter("text" if isinstance(one, str) else one for each in given for one in each)
        own: dict[str, Any] = {"answered": sum(bool(each) for each in given), "texts": hits["text"]}
        if question["kind"] == "scale":
            steps = [one for each in given for one in each]
            own["counts"] = [hits[step] for step in range(1, question["steps"] + 1)]
            own["mean"] = statistics.fmean(steps) if steps else None
            own["median"] = statistics.median(steps) if steps else None
        elif question["kind"] == "text":
            own["counts"] = []
        else:
            own["counts"] = [hits[n] for n in range(len(question["options"]))] + (
                [hits["text"]] if question["allows_other"] else []
            )
        found.append(own)
    return found


@pytest.mark.parametrize("seed", range(25))
def test_the_result_equals_the_answers_counted_by_hand(seed: int) -> None:
    dice = random.Random(seed)
    found, rows = random_survey(dice)
    questions = found.definition()
    wanted, results = counted_by_hand(questions, rows), results_of(found)
    assert results.participants == len(rows)
    for each, own in zip(results.questions, wanted, strict=True):
        assert (each.answered, each.text_count) == (own["answered"], own["texts"])
        assert [one.count for one in each.counts] == own["counts"]
        if each.question.kind == "scale" and own["mean"] is not None:
            assert float(each.mean or 0) == pytest.approx(own["mean"])
            assert float(each.median or 0) == own["median"]
    # The rows that the team gets say the same once more.
    header, *raw = survey_files.raw_rows(found)
    assert len(raw) == len(rows)
    for place, (question, own) in enumerate(zip(questions, wanted, strict=True), start=1):
        name = f"{place}. {question['text']}"
        columns = [at for at, label in enumerate(header) if label == name or label.startswith(f"{name}:")]
        assert sum(any(row[at] != "" for at in columns) for row in raw) == own["answered"]
        if question["kind"] == "multiple":
            ticks = [sum(row[at] == "ja" for row in raw) for at in columns[: len(question["options"])]]
            assert ticks == own["counts"][: len(ticks)]
    assert_round_trip(found)


def assert_round_trip(found: Survey) -> None:
    """Exported, read in, exported again: the same bytes, but for the address."""
    first = survey_exchange.export(found)
    copy = survey_exchange.read_in(first)
    assert (copy.is_published, copy.pk != found.pk, copy.slug != found.slug) == (False, True, True)
    assert survey_exchange.export(copy).replace(copy.slug.encode(), found.slug.encode()) == first


def test_a_survey_with_everything_in_it_comes_back_byte_by_byte() -> None:
    editor = UserFactory(editor=True)
    found = make.survey("over", results_visibility="published", outcome="Die Bänke\nstehen.", thanks="Danke", mode="account")
    make.answered(found, 0, [0, 1, 2, "Schatten"], 5, "Ein Name", by=UserFactory())
    make.answered(found, 2, ["Wasser"], None, "Mehr Bäume", by=UserFactory())
    make.answered(found, 2, None, None, "Mehr Bäume", by=UserFactory())
    actions.redact(SurveyAnswer.objects.get(text="Ein Name"), "Nennt einen Menschen", by=editor)
    actions.release(SurveyAnswer.objects.get(text="Schatten"), by=editor)
    actions.publish_results(found, by=editor)
    assert_round_trip(Survey.objects.with_questions().get(pk=found.pk))
    assert b"Ein Name" not in survey_exchange.export(found)


def test_the_commands_carry_a_survey_over(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    found = make.survey("over")
    make.answered(found, 0, [1], 3, "Ein Text")
    call_command("export_survey", found.slug)
    written = capsys.readouterr().out
    (tmp_path / "umfrage.json").write_text(written)
    call_command("import_survey", str(tmp_path / "umfrage.json"), slug="anderswo")
    assert capsys.readouterr().out == "anderswo\n"
    call_command("export_survey", "anderswo")
    assert capsys.readouterr().out == written.replace(f'"slug": "{found.slug}"', '"slug": "anderswo"')


def _without(name: str) -> Any:
    return lambda document: document["survey"].pop(name)


@pytest.mark.parametrize(
    "spoil",
    [
        _without("title"),
        _without("closed_at"),
        lambda document: document["survey"].update(starts_at="gestern"),
        lambda document: document["survey"].update(ends_at=document["survey"]["starts_at"]),
        lambda document: document["survey"].update(mode="alle"),
        lambda document: document["questions"][2].update(steps=9),
        lambda document: document["questions"].clear(),
        lambda document: document["responses"][0].update(day="x"),
        lambda document: document["responses"][0]["answers"].append({"question": 0, "option": 99}),
        lambda document: document["responses"][0]["answers"].append({"question": 2, "text": "vier"}),
        lambda document: document["responses"].append("x"),
        lambda document: document.update(version=2),
        lambda document: document.update(questions={}),
    ],
)
def test_a_file_that_does_not_fit_makes_no_survey(spoil: Any) -> None:
    found = make.survey("over")
    make.answered(found, 0, [1], 3, "Ein Text")
    document = json.loads(survey_exchange.export(found))
    spoil(document)
    with pytest.raises(survey_exchange.NotReadable, match=r"\w+ \w+"):
        survey_exchange.read_in(json.dumps(document).encode())
    assert Survey.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b'"x"', b"[" * 100_000, b"{}"])
def test_what_is_no_survey_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(survey_exchange.NotReadable):
        survey_exchange.read_in(content)


# --- what everybody reads ---------------------------------------------------------------------------------------------


@pytest.fixture
def over() -> Survey:
    """Three people answered; one of two free texts is released."""
    found = make.survey("over")
    make.answered(found, 0, [0, "=HYPERLINK(1)"], 5, "Bitte mehr Bäume <script>alert(1)</script>")
    make.answered(found, 0, [0, 1], 2, "Geheim")
    make.answered(found, 2, None, 3)
    for text in ("=HYPERLINK(1)", "Bitte mehr Bäume <script>alert(1)</script>"):
        actions.release(SurveyAnswer.objects.get(text=text), by=UserFactory(editor=True))
    return found


def test_everybody_reads_numbers_and_released_texts_alone(client: Client, over: Survey) -> None:
    page = client.get(f"/umfragen/{over.slug}/ergebnis/").content.decode()
    for words in (
        "3 Personen haben mitgemacht.",
        "2 (67 %)",
        "Mittelwert 3,3, Median 3,0 auf der Skala von 1 bis 5.",
        "Bitte mehr Bäume &lt;script&gt;",
        "1 Text ist nicht öffentlich.",
    ):
        assert words in page
    assert "Geheim" not in page
    assert "<script>alert" not in page
    files = [client.get(f"/umfragen/{over.slug}/ergebnis/daten.{kind}").content.decode() for kind in ("csv", "json")]
    assert all("Geheim" not in each and "Bitte mehr Bäume" in each for each in files)


def test_a_text_that_was_erased_or_held_back_is_gone_everywhere(client: Client, over: Survey) -> None:
    editor = UserFactory(editor=True)
    actions.redact(SurveyAnswer.objects.get(text__startswith="Bitte"), "Nennt einen Menschen", by=editor)
    actions.hold_back(SurveyAnswer.objects.get(text__startswith="="), by=editor)
    for page in ("", "daten.csv", "daten.json"):
        content = client.get(f"/umfragen/{over.slug}/ergebnis/{page}").content.decode()
        assert "Bitte mehr" not in content
        assert "HYPERLINK" not in content
    client.force_login(editor)
    assert "Bitte mehr" not in client.get(f"/admin/umfragen-auswertung/{over.pk}/antworten.csv").content.decode()


def test_no_cell_of_a_file_is_a_formula(client: Client) -> None:
    found = make.survey("over", questions=[make.TEXT])
    for text in FORMULAS:
        answer = make.answered(found, text).answers.get()
        actions.release(answer, by=UserFactory(editor=True))
    client.force_login(UserFactory(editor=True))
    desk = f"/admin/umfragen-auswertung/{found.pk}/antworten"
    for url in (f"/umfragen/{found.slug}/ergebnis/daten.csv", f"{desk}.csv"):
        text = client.get(url).content.decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") for cell in row]
        assert not [cell for cell in cells if cell[:1] in set("=+-@\t＝")]
        assert "'=1+1" in cells
    book = load_workbook(io.BytesIO(client.get(f"{desk}.xlsx").content))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}
    assert "=1+1" in [cell.value for row in book.active.iter_rows() for cell in row]


@pytest.mark.parametrize(
    ("state", "fields", "shown"),
    [
        ("running", {}, False),
        ("coming", {}, False),
        ("over", {}, True),
        ("over", {"results_visibility": "published"}, False),
    ],
)
def test_the_result_is_shown_when_it_was_promised(client: Client, state: str, fields: dict[str, str], shown: bool) -> None:
    found = make.survey(state, **fields)
    for user in (None, UserFactory(editor=True)):
        if user:
            client.force_login(user)
        for page in ("", "daten.csv", "daten.json"):
            assert client.get(f"/umfragen/{found.slug}/ergebnis/{page}").status_code == (200 if shown else 404)
    if fields:
        actions.publish_results(found, by=UserFactory(editor=True))
        assert client.get(f"/umfragen/{found.slug}/ergebnis/").status_code == 200


def test_the_result_takes_the_same_queries_however_many_answered(client: Client) -> None:
    numbers = []
    for people in (1, 30):
        found = make.survey("over", questions=[*make.FOUR, *make.FOUR])
        for _person in range(people):
            make.answered(found, 0, [0, "Schatten"], 3, "Text", 0, [0, "Schatten"], 3, "Text")
        client.get(f"/umfragen/{found.slug}/ergebnis/")
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/umfragen/{found.slug}/ergebnis/")
        numbers.append(len(caught))
    assert numbers[0] == numbers[1] <= 14
