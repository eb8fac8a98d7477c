"""An author may take an idea back with its text. What was adopted names it still, but nobody reads its title any more."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from ideas import actions
from ideas.editions import freeze, pdf
from ideas.exchange import archive
from ideas.exchange.export import export
from ideas.exchange.public_tables import PUBLIC
from ideas.exchange.restore import CannotRestore, _Restoring
from ideas.models import Edition, Idea, Measure, MeasureIdea
from ideas.workflow import Status
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, ZielbildFactory, make_idea

pytestmark = pytest.mark.django_db
ROOT = "/agenda/editionen/"
SECRET = "Ramazotti"
PAGES = ["2026/l1/", "2026/ideen/", "2026/aenderungen/", "2026/druck/", "2026/agenda.json"]


@pytest.fixture
def lead(db: None) -> User:
    return UserFactory(lead=True)


def adopt(year: int, lead: User) -> Edition:
    edition = actions.open_edition(year, f"Agenda {year}", by=lead)
    actions.propose_edition(edition, by=lead)
    resolution: dict[str, Any] = {"body": "Kreistag", "adopted_on": date(2025, 2, 3), "resolution_number": "5/25"}
    actions.adopt_edition(edition, by=lead, **resolution)
    return edition


@pytest.fixture
def idea(lead: User) -> Idea:
    """An idea that came into the second of two editions, as a kept one and in a measure."""
    top = ZielbildFactory()
    loesung = LoesungFactory(parent=top, slug="l1")
    measure = MeasureFactory(zielbild=top, loesung=loesung)
    adopt(2025, lead)
    idea = make_idea(Status.KEPT, title=f"Mein {SECRET}", text="Ein langer Text von mir.", loesung=loesung, measures=(measure,))
    make_idea(Status.KEPT, title="Die andere Idee", loesung=loesung)
    adopt(2026, lead)
    return idea


def take_back(idea: Idea) -> None:
    """What a measure came from can't be withdrawn: the office takes the link away first."""
    MeasureIdea.objects.filter(idea=idea).delete()
    actions.withdraw(Idea.objects.get(pk=idea.pk), with_text=True)


def test_an_edition_holds_no_text_of_an_idea_and_leads_to_where_it_stands(idea: Idea, client: Client) -> None:
    [row, _other] = Edition.objects.get(year=2026).data["ideas"]
    assert "text" not in row
    assert f'<a href="/ideen/{idea.number}/">Idee {idea.number}' in client.get(f"{ROOT}2026/ideen/").text


@pytest.mark.parametrize("page", PAGES)
def test_the_title_of_a_removed_idea_is_read_nowhere_any_more(idea: Idea, client: Client, page: str) -> None:
    assert SECRET in client.get(f"{ROOT}{page}").text
    take_back(idea)
    html = client.get(f"{ROOT}{page}").text
    assert SECRET not in html
    assert str(idea.number) in html
    if page != "2026/agenda.json":
        assert "zurückgezogen, Titel gelöscht" in html
    assert "Die andere Idee" in html


def test_an_idea_that_was_withdrawn_without_its_text_keeps_its_title(idea: Idea, client: Client) -> None:
    MeasureIdea.objects.filter(idea=idea).delete()
    actions.withdraw(Idea.objects.get(pk=idea.pk))
    assert SECRET in client.get(f"{ROOT}2026/ideen/").text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_removed_ideas_costs_at_most_six_queries(
    idea: Idea, client: Client, page: str, django_assert_max_num_queries: Any
) -> None:
    take_back(idea)
    client.get(f"{ROOT}{page}")
    with django_assert_max_num_queries(6):
        client.get(f"{ROOT}{page}")


def test_the_stored_data_and_their_hash_stay_and_the_json_says_whose_hash_it_is(idea: Idea, client: Client) -> None:
    before = Edition.objects.get(year=2026)
    first = client.get(f"{ROOT}2026/agenda.json")
    assert "blacked_out" not in first.json()
    take_back(idea)
    after = Edition.objects.get(year=2026)
    assert (after.data, after.data_hash) == (before.data, before.data_hash)
    second = client.get(f"{ROOT}2026/agenda.json")
    data = second.json()
    assert data["ideas"][0]["title"] == ""
    assert data["ideas"][0]["removed"] is True
    assert data["blacked_out"]["data_sha256"] == before.data_hash
    assert "wie sie beschlossen wurden" in data["blacked_out"]["note"]
    assert first["ETag"] != second["ETag"], "whoever kept the old file doesn't go on with it"


def test_the_file_of_an_adopted_edition_is_drawn_anew(idea: Idea, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "draw", lambda own, data: json.dumps(data).encode())
    edition = Edition.objects.get(year=2026)
    assert SECRET.encode() in pdf.pdf_of(edition)
    take_back(idea)
    assert SECRET.encode() not in pdf.pdf_of(edition)
    assert SECRET.encode() not in bytes(edition.files.get().content)


def test_somebody_elses_withdrawal_draws_no_file_anew(idea: Idea, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(pdf, "draw", lambda own, data: drawn.append(1) or b"%PDF")
    pdf.pdf_of(Edition.objects.get(year=2026))
    take_back(make_idea(Status.KEPT))
    pdf.pdf_of(Edition.objects.get(year=2026))
    assert drawn == [1]


def test_the_desk_neither_shows_the_title_nor_takes_the_data_for_spoilt(idea: Idea, lead: User, client: Client) -> None:
    take_back(idea)
    client.force_login(lead)
    html = client.get(f"/admin/ideen/editionen/{Edition.objects.get(year=2026).pk}/").text
    assert SECRET not in html
    assert "Prüfsumme" not in html


def test_the_export_leaves_without_the_title_and_comes_back(idea: Idea, tmp_path: Path) -> None:
    take_back(idea)
    assert Measure.objects.count() == 1
    export(tmp_path / "all")
    assert not [file.name for file in (tmp_path / "all").iterdir() if SECRET.encode() in file.read_bytes()]
    table = next(table for table in PUBLIC if table.name == "editionen")
    for kept in ("json", "csv"):
        alone = tmp_path / kept
        shutil.copytree(tmp_path / "all", alone)
        for file in alone.iterdir():
            if file.suffix != f".{kept}":
                file.unlink()
        records, pictures = archive.read(alone)
        later = [{**row, "jahr": row["jahr"] + (10 if kept == "json" else 20)} for row in records["editionen"]]
        _Restoring({**records, "editionen": later}, pictures, [])._editions()
    rows = {row["jahr"]: row for row in table.records()}
    for year in (2036, 2046):
        assert rows[year] == {**rows[2026], "jahr": year}
        assert Edition.objects.get(year=year).data_hash == Edition.objects.get(year=2026).data_hash
    spoilt = {**records["editionen"][1], "jahr": 2060}
    spoilt["daten"]["zielbilder"][0]["title"] = "Anders"
    with pytest.raises(CannotRestore, match="passen nicht zu ihrer Prüfsumme"):
        _Restoring({**records, "editionen": [spoilt]}, pictures, [])._editions()
    assert freeze.hash_of(Edition.objects.get(year=2036).data) == rows[2036]["daten_hier_sha256"]
