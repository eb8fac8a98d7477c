"""Who reads by feed reads what everybody reads, no more and no less."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils.html import escape

from ideas import actions
from ideas.workflow import MeasureStatus, Status
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, make_idea

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    feed = ElementTree.fromstring(answer.content)
    found = []
    for entry in feed.findall(f"{ATOM}entry"):
        values = {child.tag.removeprefix(ATOM): child.text or child.get("href") or "" for child in entry}
        found.append(values)
    return found


def test_news_come_newest_first_with_where_to_read_on(make_news: Any, client: Client) -> None:
    make_news("Alt", "2026-01-05", intro="Lange her.", slug="alt")
    make_news("Neu", "2026-03-05", intro="Gerade eben.", slug="neu")
    make_news("Entwurf", "2026-04-05", live=False)
    [newest, oldest] = entries(client, "/aktuelles/feed.atom")
    assert (newest["title"], newest["link"]) == ("Neu", "http://testserver/aktuelles/neu/")
    assert newest["summary"] == "<p>Gerade eben.</p>"
    assert newest["published"].startswith("2026-03-05T12:00:00")
    assert oldest["title"] == "Alt"


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_character_that_no_feed_may_hold_is_left_out(form: str, make_news: Any, client: Client) -> None:
    make_news("Neu\x0bes", "2026-03-05", intro="Gerade\x0b \x02eben.", slug="neu")
    answer = client.get(f"/aktuelles/feed.{form}")
    assert answer.status_code == 200
    text = "".join(ElementTree.fromstring(answer.content).itertext())
    assert "Neues" in text
    assert "Gerade eben." in text


def test_english_readers_get_english_news_where_there_are_any(make_news: Any, in_english: Any, client: Client) -> None:
    make_news("Nur deutsch", "2026-01-05", slug="nur-deutsch")
    both = make_news("Neu", "2026-03-05", slug="neu")
    in_english(both, title="New", slug="new")
    found = entries(client, "/en/aktuelles/feed.atom")
    assert [(entry["title"], entry["link"]) for entry in found] == [
        ("New", "http://testserver/en/aktuelles/new/"),
        ("Nur deutsch", "http://testserver/en/aktuelles/nur-deutsch/"),
    ]
    assert [entry["title"] for entry in entries(client, "/aktuelles/feed.atom")] == ["Neu", "Nur deutsch"]
    assert found[0]["id"] == entries(client, "/aktuelles/feed.atom")[0]["id"]


def test_a_feed_shows_the_newest_however_many_are_in_both_languages(
    make_news: Any, in_english: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.feeds.MOST", 2)
    for day in range(1, 6):
        in_english(make_news(f"Neu {day}", f"2026-03-0{day}", slug=f"neu-{day}"), title=f"New {day}", slug=f"new-{day}")
    make_news("Alt", "2026-01-05", slug="alt")
    assert [entry["title"] for entry in entries(client, "/en/aktuelles/feed.atom")] == ["New 5", "New 4"]
    assert [entry["title"] for entry in entries(client, "/aktuelles/feed.atom")] == ["Neu 5", "Neu 4"]


def test_an_entry_keeps_its_name_when_the_page_moves(make_news: Any, client: Client) -> None:
    news = make_news("Neu", slug="neu")
    [before] = entries(client, "/aktuelles/feed.atom")
    news.slug = "ganz-neu"
    news.save()
    [after] = entries(client, "/aktuelles/feed.atom")
    assert after["link"] != before["link"]
    assert after["id"] == before["id"]


def test_ideas_come_by_the_day_they_became_public_not_by_their_number(client: Client) -> None:
    lead = UserFactory(lead=True)
    waited, quick = make_idea(Status.SUBMITTED, title="Hat gewartet"), make_idea(Status.IN_REVIEW, title="Ging schnell")
    assert [entry["title"] for entry in entries(client, "/ideen/feed.atom")] == [f"Idee {quick.number}: Ging schnell"]
    actions.release(waited, waited.latest_version, by=lead)
    [first, second] = entries(client, "/ideen/feed.atom")
    assert (first["title"], first["link"]) == (
        f"Idee {waited.number}: Hat gewartet",
        f"http://testserver/ideen/{waited.number}/",
    )
    assert second["title"] == f"Idee {quick.number}: Ging schnell"


def test_the_filters_of_the_list_hold_for_its_feed(client: Client) -> None:
    here = make_idea(Status.IN_REVIEW, loesung=LoesungFactory())
    make_idea(Status.REJECTED, loesung=here.loesung)
    make_idea(Status.IN_REVIEW)
    address = f"?loesung={here.loesung.slug}&status=in-pruefung"  # type: ignore[union-attr]
    [only] = entries(client, f"/ideen/feed.atom{address}")
    assert only["link"] == f"http://testserver/ideen/{here.number}/"
    assert f'href="http://testserver/ideen/{escape(address)}"' in client.get(f"/ideen/feed.atom{address}").content.decode()
    assert client.get("/ideen/feed.atom?status=gibtesnicht&ort=%00&q=" + "x" * 500).status_code == 200


def test_a_feed_says_nothing_about_who_handed_in_or_decided(client: Client) -> None:
    make_idea(Status.REJECTED, email="geheim@example.org")
    MeasureFactory(status=MeasureStatus.IMPLEMENTATION)
    for address in ("/ideen/feed.atom", "/ideen/feed.rss", "/massnahmen/feed.atom"):
        text = client.get(address).content.decode()
        assert "@" not in text.replace("xmlns", ""), address
        assert "<author>" not in text, address


def test_steps_of_measures_come_latest_first_with_their_reason(client: Client) -> None:
    lead, measure = UserFactory(lead=True), MeasureFactory(title="Rufbus", status=MeasureStatus.PLANNING)
    reason = actions.Decision(reason="Der Bus ist bestellt & bezahlt.")
    actions.change_measure_status(measure, MeasureStatus.IMPLEMENTATION, by=lead, decision=reason)
    latest = entries(client, "/massnahmen/feed.atom")[0]
    assert latest["title"] == f"{measure.code} Rufbus: In Umsetzung"
    assert latest["summary"] == "<p>Der Bus ist bestellt &amp; bezahlt.</p>"
    assert latest["link"] == f"http://testserver/massnahmen/{measure.slug}/"


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_what_somebody_wrote_stays_text(form: str, client: Client) -> None:
    make_idea(Status.IN_REVIEW, title="<b>Fett</b> & <script>", text='Ein <img src=x onerror="alert(1)"> und\n\nein Absatz')
    xml = client.get(f"/ideen/feed.{form}").content
    tree = ElementTree.fromstring(xml)
    html = next(
        node.text or ""
        for node in tree.iter()
        if node.tag.endswith(("summary", "description")) and "Absatz" in (node.text or "")
    )
    assert "<img" not in html
    assert "&lt;img" in html
    assert html.count("<p>") == 2
    titles = [node.text or "" for node in tree.iter() if node.tag.endswith("title")]
    # A reader takes the title of RSS for HTML, that of Atom for text.
    assert ("<b>" in titles[-1]) == (form == "atom")


def test_there_is_rss_too_and_nothing_else(home: Any, client: Client) -> None:
    for address in ("/aktuelles/feed", "/ideen/feed", "/massnahmen/feed"):
        assert client.get(f"{address}.rss")["Content-Type"] == "application/rss+xml; charset=utf-8"
        assert client.get(f"{address}.atom")["Content-Type"] == "application/atom+xml; charset=utf-8"
        assert client.get(f"{address}.json").status_code == 404


def test_a_feed_may_be_kept_and_sets_no_cookie(home: Any, client: Client) -> None:
    make_idea(Status.IN_REVIEW)
    answer = client.get("/ideen/feed.atom")
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not answer.cookies
    assert client.get("/ideen/feed.atom", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_every_page_names_the_feeds_in_its_head(home: Any, client: Client) -> None:
    html = client.get("/en/suche/").content.decode()
    for address in ("/en/aktuelles/feed.atom", "/en/ideen/feed.atom", "/en/massnahmen/feed.atom"):
        assert f'type="application/atom+xml" href="{address}"' in html


@pytest.mark.parametrize(
    ("address", "most"), [("/ideen/feed.atom", 7), ("/massnahmen/feed.atom", 2), ("/aktuelles/feed.atom", 2)]
)
def test_a_feed_costs_the_same_with_many_entries_and_ends(
    client: Client, make_news: Any, django_assert_max_num_queries: Any, django_assert_num_queries: Any, address: str, most: int
) -> None:
    lead = UserFactory(lead=True)

    def fill(times: int) -> None:
        for number in range(times):
            make_idea(Status.IN_REVIEW).tags.add("bus")
            actions.change_measure_status(MeasureFactory(), MeasureStatus.IMPLEMENTATION, by=lead)
            make_news(f"Nachricht {number}")

    fill(2)
    client.get(address)
    with django_assert_max_num_queries(most) as few:
        client.get(address)
    fill(30)
    with django_assert_num_queries(len(few)):
        assert len(entries(client, address)) <= 30
