"""The dates of a competition at the desk of the lead: a row per phase, errors beside their phase, extending with a preview."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from participation.actions import extend as extend_action
from participation.local_time import local
from participation.models import Competition, CompetitionStep
from participation.phases import Phase, Span
from tests.factories import UserFactory
from tests.factories import participation as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = datetime.now(UTC).replace(hour=11, minute=0, second=0, microsecond=0)


@pytest.fixture
def lead(db: None) -> User:
    return UserFactory(lead=True)


@pytest.fixture
def desk(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


def address(found: Competition, name: str = "ablauf") -> str:
    return f"/admin/wettbewerbe/{found.pk}/{name}/"


def typed(name: str, moment: datetime | None) -> dict[str, str]:
    """What stands in the fields of one moment."""
    shown = local(moment) if moment else None
    return {f"{name}_day": f"{shown:%Y-%m-%d}" if shown else "", f"{name}_time": f"{shown:%H:%M}" if shown else ""}


def filled(*spans: Span) -> dict[str, str]:
    """A whole form with these phases."""
    result: dict[str, str] = {}
    for phase in Phase:
        span = next((each for each in spans if each.phase is phase), None)
        result |= typed(f"{phase}_begin", span and span.starts_at) | typed(f"{phase}_end", span and span.ends_at)
    return result


def seen(answer: Any) -> str:
    [value] = [
        line.split('value="')[1].split('"')[0] for line in answer.content.decode().split("<input") if 'name="seen"' in line
    ]
    return value


def fresh(found: Competition) -> Competition:
    return Competition.objects.with_phases().get(pk=found.pk)


# --- who gets in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ablauf", "verlaengern"])
def test_only_the_lead_gets_in(name: str, client: Client) -> None:
    found = make.competition(Phase.SUBMISSION)
    for role in ("editor", "reviewer", "admin", "jury"):
        client.force_login(UserFactory(**{role: True}))
        assert client.get(address(found, name)).status_code == 302
        assert client.post(address(found, name), {}).status_code == 302
    assert not CompetitionStep.objects.exists()


def test_a_competition_that_does_not_exist_is_not_found(desk: Client) -> None:
    assert desk.get("/admin/wettbewerbe/999999/ablauf/").status_code == 404
    assert desk.get("/admin/wettbewerbe/999999/verlaengern/").status_code == 404


# --- the schedule -----------------------------------------------------------------------------------------------------


def test_the_lead_plans_a_competition_and_leaves_phases_out(desk: Client) -> None:
    found = make.competition(None)
    shown = desk.get(address(found))
    submission = Span(Phase.SUBMISSION, TODAY + DAY, TODAY + 10 * DAY)
    result = Span(Phase.RESULT, TODAY + 20 * DAY)
    sent = desk.post(address(found), {**filled(submission, result), "seen": seen(shown)}, follow=True)
    assert sent.redirect_chain == [(address(found), 302)]
    assert "Der Ablauf ist gespeichert" in sent.content.decode()
    assert fresh(found).spans == [submission, result]
    again = desk.get(address(found)).content.decode()
    assert f'value="{local(submission.starts_at):%Y-%m-%d}"' in again
    assert "Öffentlicher Hinweis" in again


def test_each_error_stands_beside_its_phase_and_nothing_is_lost(desk: Client) -> None:
    found = make.competition(None)
    data = filled(
        Span(Phase.SUBMISSION, TODAY + DAY, TODAY + 10 * DAY),
        Span(Phase.VOTING, TODAY + 5 * DAY, TODAY + 15 * DAY),
        Span(Phase.JURY, TODAY + 20 * DAY, TODAY + 18 * DAY),
    )
    data |= {"review_begin_day": "2027-03-28", "review_begin_time": "02:30", "result_begin_day": "irgendwann"}
    data |= {"announced_end_day": "2026-10-25", "announced_end_time": "02:30"}
    sent = desk.post(address(found), {**data, "seen": seen(desk.get(address(found)))})
    html = sent.content.decode()
    assert sent.status_code == 422
    by_phase = {
        str(phase.label): html.split(f"<legend>{phase.label}</legend>")[1].split("<legend>Beginn")[0] for phase in Phase
    }
    assert "bevor „Einreichen“ zu Ende ist" in by_phase["Abstimmung"]
    assert "Das Ende liegt nicht nach dem Beginn" in by_phase["Jury"]
    assert "So passt der Ablauf noch nicht" in html
    for sentence in ("gibt es 02:30 Uhr nicht", "gibt es 02:30 Uhr zweimal", "Bitte geben Sie auch die Uhrzeit an"):
        assert sentence in html
    assert "Sommerzeit (das erste Mal 02:30 Uhr)" in html
    for name, value in data.items():
        if value and name != "seen":
            assert f'name="{name}" value="{value}"' in html, name
    assert fresh(found).spans == []


def test_an_end_without_a_begin_is_asked_back(desk: Client) -> None:
    found = make.competition(None)
    data = filled() | typed("voting_end", TODAY + DAY)
    html = desk.post(address(found), {**data, "seen": seen(desk.get(address(found)))}).content.decode()
    assert "Bitte geben Sie auch an, wann diese Phase beginnt." in html


def test_what_has_begun_is_text_and_leads_to_extending(desk: Client) -> None:
    found = make.competition(Phase.REVIEW)
    html = desk.get(address(found)).content.decode()
    assert "submission_begin_day" not in html
    assert "review_begin_day" not in html
    assert "voting_begin_day" in html
    assert "(vorbei)" in html.split("<legend>Einreichen")[1].split("</fieldset>")[0]
    running = html.split("<legend>Prüfung")[1].split("</fieldset>")[0]
    assert "(läuft gerade)" in running
    assert address(found, "verlaengern") in running


def test_an_unchanged_form_changes_nothing_though_it_shows_no_seconds(desk: Client) -> None:
    found = make.competition(Phase.REVIEW, now=TODAY + timedelta(seconds=17, microseconds=5))
    coming = [span for span in found.spans if span.starts_at > datetime.now(UTC)]
    assert coming
    sent = desk.post(address(found), {**filled(*coming), "seen": seen(desk.get(address(found)))})
    # The begun phases have no fields of their own: the form that is sent has none either.
    assert sent.status_code == 422  # filled() sends empty fields for them: somebody emptied a phase that has begun
    only_coming = {name: value for name, value in filled(*coming).items() if not name.startswith(("submission", "review"))}
    sent = desk.post(address(found), {**only_coming, "seen": seen(desk.get(address(found)))})
    assert sent.status_code == 302
    assert fresh(found).spans == found.spans
    assert not CompetitionStep.objects.exists()


def test_a_change_of_what_was_announced_asks_for_a_public_note(desk: Client) -> None:
    found = make.competition(Phase.REVIEW, now=TODAY)
    coming = {span.phase: span for span in found.spans if span.starts_at > datetime.now(UTC)}
    voting = coming[Phase.VOTING]
    coming[Phase.VOTING] = Span(Phase.VOTING, voting.starts_at + DAY, voting.ends_at)
    data = {name: value for name, value in filled(*coming.values()).items() if not name.startswith(("submission", "review"))}
    token = seen(desk.get(address(found)))
    sent = desk.post(address(found), {**data, "seen": token})
    assert sent.status_code == 422
    assert "Das lesen alle." in sent.content.decode()
    assert fresh(found).spans == found.spans
    assert desk.post(address(found), {**data, "seen": token, "note": "Mehr Zeit zum Prüfen."}).status_code == 302
    assert CompetitionStep.objects.get().note == "Mehr Zeit zum Prüfen."


def test_a_phase_that_began_while_somebody_typed_keeps_what_they_typed(desk: Client) -> None:
    found = make.competition(Phase.SUBMISSION, now=TODAY)
    data = filled(Span(Phase.SUBMISSION, TODAY + DAY, TODAY + 20 * DAY), *found.spans[1:])
    sent = desk.post(address(found), {**data, "seen": seen(desk.get(address(found))), "note": "Später."})
    html = sent.content.decode()
    assert sent.status_code == 422
    assert "Diese Phase hat begonnen, ihr Beginn bleibt darum, wie er ist." in html
    assert f'name="submission_begin_day" value="{data["submission_begin_day"]}"' in html


def test_who_saw_an_older_schedule_reads_the_new_one_beside_what_they_typed(desk: Client, lead: User) -> None:
    found = make.competition(Phase.SUBMISSION, now=TODAY)
    token = seen(desk.get(address(found)))
    end = found.spans[0].ends_at
    assert end
    extend_action(found, end + DAY, note="Ferien.", by=lead)
    data = {name: value for name, value in filled(*fresh(found).spans[1:]).items() if not name.startswith("submission")}
    sent = desk.post(address(found), {**data, "seen": token, "note": "Mein Hinweis"})
    html = sent.content.decode()
    assert sent.status_code == 422
    assert "Der Ablauf wurde inzwischen geändert" in html
    assert "So steht der Ablauf jetzt" in html
    assert "Mein Hinweis" in html
    assert seen(sent) != token


def test_a_schedule_that_can_no_longer_change_says_why(desk: Client) -> None:
    found = make.competition(Phase.RESULT)
    html = desk.get(address(found)).content.decode()
    assert "Der Ablauf dieses Wettbewerbs lässt sich nicht mehr ändern." in html
    assert "Ablauf speichern" not in html
    assert desk.post(address(found), {"seen": seen(desk.get(address(found)))}).status_code in (302, 422)
    assert fresh(found).spans == found.spans


# --- extending --------------------------------------------------------------------------------------------------------


def test_extending_first_shows_what_moves_and_then_does_it(desk: Client) -> None:
    found = make.competition(Phase.SUBMISSION, now=TODAY)
    before, token = found.spans, seen(desk.get(address(found, "verlaengern")))
    assert before[0].ends_at
    data = {**typed("new_end", before[0].ends_at + 2 * DAY), "note": "Ferien.", "seen": token}
    preview = desk.post(address(found, "verlaengern"), data)
    html = preview.content.decode()
    assert preview.status_code == 200
    assert "So sähe der Ablauf aus" in html
    assert html.count("(bisher: ") == 5
    assert "Jetzt verlängern" in html
    assert fresh(found).spans == before
    previewed = html.split('name="previewed" value="')[1].split('"')[0]
    sent = desk.post(address(found, "verlaengern"), {**data, "previewed": previewed}, follow=True)
    assert "Die Phase ist verlängert" in sent.content.decode()
    step = CompetitionStep.objects.get()
    assert (step.kind, step.note, step.details["phase"]) == ("extended", "Ferien.", "submission")
    assert [change["phase"] for change in step.details["moved"]] == ["review", "voting", "jury", "result"]


def test_an_end_that_was_changed_after_the_preview_is_previewed_anew(desk: Client) -> None:
    found = make.competition(Phase.SUBMISSION, now=TODAY)
    end = found.spans[0].ends_at
    assert end
    data = {"note": "Ferien.", "seen": seen(desk.get(address(found, "verlaengern"))), "previewed": (end + DAY).isoformat()}
    sent = desk.post(address(found, "verlaengern"), {**data, **typed("new_end", end + 3 * DAY)})
    assert "Jetzt verlängern" in sent.content.decode()
    assert not CompetitionStep.objects.exists()


@pytest.mark.parametrize(
    ("days", "note", "words"),
    [(-1, "Ferien.", "Das neue Ende liegt nach dem bisherigen"), (0, "Ferien.", "Das neue Ende"), (2, " ", "Das lesen alle.")],
)
def test_what_does_not_fit_stands_beside_its_field_and_nothing_is_lost(desk: Client, days: int, note: str, words: str) -> None:
    found = make.competition(Phase.SUBMISSION, now=TODAY)
    end = found.spans[0].ends_at
    assert end
    data = {**typed("new_end", end + days * DAY), "note": note, "seen": seen(desk.get(address(found, "verlaengern")))}
    sent = desk.post(address(found, "verlaengern"), data)
    html = sent.content.decode()
    assert sent.status_code == 422
    assert words in html
    assert f'value="{data["new_end_day"]}"' in html
    assert note.strip() in html
    assert not CompetitionStep.objects.exists()


def test_who_saw_an_older_end_is_told_and_keeps_the_note(desk: Client, lead: User) -> None:
    found = make.competition(Phase.SUBMISSION, now=TODAY)
    token, end = seen(desk.get(address(found, "verlaengern"))), found.spans[0].ends_at
    assert end
    extend_action(found, end + DAY, note="Eins.", by=lead)
    data = {**typed("new_end", end + 2 * DAY), "note": "Mein Hinweis", "seen": token}
    sent = desk.post(address(found, "verlaengern"), data)
    assert sent.status_code == 422
    assert "Der Ablauf wurde inzwischen geändert" in sent.content.decode()
    assert "Mein Hinweis" in sent.content.decode()
    assert CompetitionStep.objects.count() == 1


def test_where_no_phase_runs_there_is_nothing_to_extend(desk: Client) -> None:
    found = make.competition(Phase.RESULT)
    sent = desk.get(address(found, "verlaengern"), follow=True)
    assert sent.redirect_chain == [(address(found), 302)]
    assert "Gerade läuft keine Phase" in sent.content.decode()
    # Who had the form open when the phase ended keeps the text.
    sent = desk.post(
        address(found, "verlaengern"),
        {**typed("new_end", TODAY + 9 * DAY), "note": "Ferien.", "seen": seen(desk.get(address(found)))},
    )
    assert sent.status_code == 422
    assert "Gerade läuft keine Phase" in sent.content.decode()
    assert "Ferien." in sent.content.decode()


@pytest.mark.parametrize("name", ["ablauf", "verlaengern"])
def test_the_pages_cost_the_same_for_few_and_many_phases(name: str, desk: Client, django_assert_max_num_queries: Any) -> None:
    found = make.competition(Phase.SUBMISSION)
    desk.get(address(found, name))
    with django_assert_max_num_queries(22):
        desk.get(address(found, name))
