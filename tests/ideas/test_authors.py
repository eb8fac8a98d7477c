"""What authors do with an idea of their own: answer, change, withdraw, take over. And what the office does with their words."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection

from accounts.models import User
from common import outbox
from ideas import actions, permissions
from ideas.models import Idea, IdeaPicture, TrailEntry, TrailText
from ideas.workflow import Action, Contribution, Status
from tests.factories import MeasureFactory, UserFactory, make_idea, picture_of
from tests.ideas.sql import assert_refused

GUEST = "kanarienvogel@example.org"
QUESTION = "Wo genau soll die Bank stehen?"
ANSWER = "Am Kilometer 7, unter der Linde."
WHY = "Im Text stand ein Name."

pytestmark = pytest.mark.django_db


def asked(status: Status = Status.IN_REVIEW, **fields: Any) -> Idea:
    """An idea with an open question, asked in this status."""
    idea = make_idea(status, **{"email": GUEST, **fields})
    actions.take(idea, Action.ASK_BACK, by=UserFactory(lead=True), decision=actions.Decision(reason=QUESTION))
    return idea


def last_step(idea: Idea) -> TrailEntry:
    return idea.trail.select_related("text").latest("position")


# --- answer -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW])
def test_an_answer_leads_back_to_where_the_question_was_asked(status: Status) -> None:
    idea = asked(status, released=True)
    entry = actions.answer(idea, ANSWER)
    stored = Idea.objects.get(pk=idea.pk)
    assert (stored.status, entry.to_status, entry.from_status) == (status, status, Status.QUESTION)
    assert stored.answer_due is not None, "from now on we owe an answer again"


def test_the_second_of_two_questions_counts() -> None:
    idea = asked(Status.SUBMITTED, released=True)
    actions.answer(idea, ANSWER)
    lead = UserFactory(lead=True)
    actions.take(idea, Action.TAKE_INTO_REVIEW, by=lead)
    actions.take(idea, Action.ASK_BACK, by=lead, decision=actions.Decision(reason="Und wem gehört die Wiese?"))
    assert actions.answer(idea, "Der Gemeinde.").to_status == Status.IN_REVIEW


def test_an_answer_is_public_once_the_office_has_read_it() -> None:
    idea = asked()
    entry = actions.answer(idea, ANSWER)
    assert "Die Antwort ist da" in entry.public_reason
    assert ANSWER not in entry.public_reason
    assert entry.reason == ANSWER, "the office and the author read it"
    actions.release_answer(last_step(idea), by=UserFactory(reviewer=True))
    assert last_step(idea).public_reason == ANSWER
    actions.release_answer(last_step(idea), by=UserFactory(reviewer=True))
    assert last_step(idea).public_reason == ANSWER, "pressed twice"
    assert_refused(
        "UPDATE ideas_trailtext SET awaits_release = %s WHERE id = %s", True, last_step(idea).text_id, because="blacked out"
    )


def test_only_the_office_shows_an_answer_and_nobody_their_own() -> None:
    author = UserFactory(lead=True)
    idea = asked(user=author, email="")
    entry = actions.answer(idea, ANSWER)
    for person in (UserFactory(), UserFactory(editor=True), UserFactory(lead=True, is_active=False), author):
        with pytest.raises(actions.Refused):
            actions.release_answer(entry, by=person)
    assert last_step(idea).text.awaits_release


def test_pressing_answer_twice_answers_once() -> None:
    idea = asked()
    again = Idea.objects.get(pk=idea.pk)
    first = actions.answer(idea, ANSWER)
    assert actions.answer(again, ANSWER) == first
    assert idea.trail.filter(action=Action.ANSWER).count() == 1


def test_a_question_that_is_no_longer_open_takes_no_answer() -> None:
    idea = asked()
    actions.take(idea, Action.TAKE_INTO_REVIEW, by=UserFactory(lead=True))
    with pytest.raises(actions.Refused, match="keine Rückfrage offen"):
        actions.answer(idea, ANSWER)


@pytest.mark.parametrize("nothing", ["", "  \n", "\u200b", "…"])
def test_an_answer_has_words(nothing: str) -> None:
    idea = asked()
    with pytest.raises(actions.Refused):
        actions.answer(idea, nothing)
    assert Idea.objects.get(pk=idea.pk).status == Status.QUESTION


# --- edit -------------------------------------------------------------------------------------------------------------


def test_before_the_release_the_newest_wording_is_the_one_that_counts() -> None:
    idea = make_idea(email=GUEST)
    entry = actions.edit(idea, "Bänke am Radweg", "Mit Lehne, bitte.")
    assert entry is not None
    assert (entry.action, entry.state, entry.reason) == (Action.EDIT, None, "")
    stored = Idea.objects.get(pk=idea.pk)
    assert (stored.title, stored.latest_version.version, stored.has_newer_version) == ("Bänke am Radweg", 2, False)


def test_after_the_release_the_public_reads_the_old_wording_until_the_office_has_read_the_new_one() -> None:
    idea = make_idea(Status.IN_REVIEW, email=GUEST)
    before = idea.title
    actions.edit(idea, "Bänke am Radweg", "Mit Lehne, bitte.")
    stored = Idea.objects.get(pk=idea.pk)
    assert (stored.title, stored.has_newer_version) == (before, True)
    assert Idea.objects.awaiting_release().get() == stored
    actions.release(stored, stored.latest_version, by=UserFactory(reviewer=True))
    stored = Idea.objects.get(pk=idea.pk)
    assert (stored.title, stored.has_newer_version, stored.status) == ("Bänke am Radweg", False, Status.IN_REVIEW)


@pytest.mark.parametrize("status", [Status.KEPT, Status.REJECTED, Status.WITHDRAWN])
def test_a_decided_idea_is_not_changed_any_more(status: Status) -> None:
    idea = make_idea(status, email=GUEST)
    with pytest.raises(actions.Refused):
        actions.edit(idea, "Neu", "Neu und lang genug für alle.")
    assert idea.versions.count() == 1


def test_the_same_words_again_are_no_new_wording() -> None:
    idea = make_idea(email=GUEST)
    with pytest.raises(actions.Refused, match="noch nichts geändert"):
        actions.edit(idea, f"  {idea.title} ", idea.text + "\r\n", seen=1)
    assert idea.versions.count() == 1


def test_pressing_twice_makes_one_wording() -> None:
    idea = make_idea(email=GUEST)
    again = Idea.objects.get(pk=idea.pk)
    assert actions.edit(idea, "Bänke", "Mit Lehne, bitte.", seen=1)
    assert actions.edit(again, "Bänke", "Mit Lehne, bitte.", seen=1) is None
    assert (idea.versions.count(), idea.trail.filter(action=Action.EDIT).count()) == (2, 1)


def test_two_windows_with_different_words_don_t_overwrite_each_other() -> None:
    idea = make_idea(email=GUEST)
    again = Idea.objects.get(pk=idea.pk)
    actions.edit(idea, "Bänke", "Mit Lehne, bitte.", seen=1)
    with pytest.raises(actions.Overtaken):
        actions.edit(again, "Bänke", "Ohne Lehne, bitte.", seen=1)
    with pytest.raises(actions.Overtaken):
        actions.edit(again, "Bänke", "Ohne Lehne, bitte.")


def test_the_picture_goes_along_unless_it_is_taken_out() -> None:
    idea = make_idea(email=GUEST)
    picture = picture_of(idea)
    actions.edit(idea, "Bänke", "Mit Lehne, bitte.")
    copy = idea.latest_version.pictures.get()
    assert (copy.file.name, copy.alt_text) == (picture.file.name, "Eine Bank")
    assert copy.pk != picture.pk
    entry = actions.edit(idea, "Bänke", "Mit Lehne, bitte.", keep_pictures=False)
    assert entry is not None, "taking the picture out is a change"
    assert not idea.latest_version.pictures.exists()


# --- withdraw ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.KEPT, Status.REJECTED])
def test_a_withdrawn_idea_keeps_number_text_and_way_and_forgets_the_person(status: Status) -> None:
    idea = make_idea(status, email=GUEST, released=True)
    number, title = idea.number, idea.title
    actions.withdraw(idea)
    stored = Idea.objects.select_related("author").get(pk=idea.pk)
    assert (stored.status, stored.number, stored.title, stored.progress) == (Status.WITHDRAWN, number, title, "")
    assert Idea.objects.public().get() == stored
    author = stored.author
    assert (author.email, author.user, author.receipt_digest, author.confirm_digest) == ("", None, None, None)
    assert author.consent_at is not None, "that the text may stand there was agreed to"
    assert [entry.action for entry in stored.public_trail()][-1] == Action.WITHDRAW


def test_an_account_is_forgotten_as_well() -> None:
    person = UserFactory()
    idea = make_idea(Status.KEPT, user=person)
    actions.withdraw(idea)
    assert not Idea.objects.handed_in_by(person).exists()
    assert not TrailText.objects.filter(actor=person).exists()


def test_of_an_idea_that_nobody_released_no_word_is_left() -> None:
    idea = make_idea(title="Geheimer Titel", text="Geheimer Text, lang genug.", email=GUEST)
    actions.edit(idea, "Zweiter geheimer Titel", "Geheimer Text, noch einmal.")
    actions.withdraw(idea)
    for version in idea.versions.all():
        assert "eheim" not in version.title + version.text
    assert not Idea.objects.public().exists()


def test_the_released_words_go_if_the_author_wants_it() -> None:
    idea = asked(title="Persönlicher Titel", text="Persönlicher Text, lang genug.")
    actions.answer(idea, ANSWER)
    actions.release_answer(last_step(idea), by=UserFactory(lead=True))
    actions.withdraw(idea, with_text=True)
    stored = Idea.objects.public().get()
    assert (stored.title, "ersönlich" in stored.text) == ("Zurückgezogene Idee", False)
    texts = " ".join(entry.public_reason for entry in stored.public_trail())
    assert ANSWER not in texts
    assert "Dieser Text wurde entfernt" in texts
    assert QUESTION in texts, "what the office said stays"


def test_what_was_never_released_goes_in_any_case() -> None:
    idea = asked(title="Alter Titel")
    actions.answer(idea, ANSWER)
    actions.edit(idea, "Ungelesener Titel", "Ungelesener Text, lang genug.")
    actions.withdraw(idea)
    stored = Idea.objects.get(pk=idea.pk)
    assert (stored.title, stored.has_newer_version) == ("Alter Titel", False)
    assert "Ungelesen" not in "".join(version.title + version.text for version in idea.versions.all())
    assert not TrailText.objects.filter(reason=ANSWER).exists()
    assert not TrailText.objects.filter(awaits_release=True).exists()


def test_pictures_go_with_their_files(django_capture_on_commit_callbacks: Any) -> None:
    idea = make_idea(email=GUEST)
    picture = picture_of(idea)
    actions.edit(idea, "Bänke", "Mit Lehne, bitte.")
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(idea)
    assert not IdeaPicture.objects.exists()
    assert not picture.file.storage.exists(picture.file.name)


def test_the_last_mail_says_that_it_is_done_and_no_other_follows() -> None:
    idea = asked()
    outbox.drain()
    mail.outbox.clear()
    actions.answer(idea, ANSWER)
    lead = UserFactory(lead=True)
    actions.take(idea, Action.REJECT, by=lead, decision=actions.Decision(reason="Dort ist kein Platz."))
    actions.withdraw(idea)
    outbox.drain()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([GUEST], f"Ihre Idee {idea.number} ist zurückgezogen")


def test_after_withdrawing_no_table_knows_the_address() -> None:
    """The canary: looked for in every text of every table of the database."""
    idea = asked(title="Bänke", text="Bänke am Radweg, bitte.")
    actions.answer(idea, ANSWER)
    assert places_of("kanarienvogel"), "otherwise this test would see nothing"
    actions.withdraw(idea)
    outbox.drain()
    assert places_of("kanarienvogel") == []


def places_of(word: str) -> list[str]:
    """Where the database holds this word: "table.column"."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
            for column in [column[0] for column in cursor.description]:
                cursor.execute(f'SELECT COUNT(*) FROM "{table}" WHERE CAST("{column}" AS TEXT) LIKE %s', [f"%{word}%"])
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{column}")
    return found


def test_an_idea_in_a_measure_is_not_withdrawn_and_the_author_is_told_what_to_do() -> None:
    idea = make_idea(Status.KEPT, email=GUEST)
    actions.link_measure(idea, MeasureFactory(), Contribution.PARTLY, by=UserFactory(lead=True))
    with pytest.raises(actions.Refused, match="Bitte schreiben Sie uns"):
        actions.withdraw(idea)
    assert Idea.objects.get(pk=idea.pk).author.email == GUEST


def test_an_idea_that_others_became_part_of_is_not_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    idea = make_idea(Status.KEPT, email=GUEST)
    # A merge has its own tests; here it is enough that there is one.
    monkeypatch.setattr(type(idea), "merged_ideas", Idea.objects.filter(pk=make_idea().pk), raising=False)
    with pytest.raises(actions.Refused, match="andere Ideen aufgegangen"):
        actions.withdraw(idea)


def test_an_idea_is_withdrawn_once() -> None:
    idea = make_idea(Status.WITHDRAWN)
    with pytest.raises(actions.Refused):
        actions.withdraw(idea)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.UNCONFIRMED])
def test_what_was_not_handed_in_is_not_withdrawn(status: Status) -> None:
    with pytest.raises(actions.Refused):
        actions.withdraw(make_idea(status))


# --- claim ------------------------------------------------------------------------------------------------------------


def test_a_guests_idea_becomes_the_accounts_and_its_receipt_still_works() -> None:
    person: User = UserFactory()
    idea = make_idea(Status.IN_REVIEW, email=GUEST)
    digest = idea.author.receipt_digest
    actions.claim(idea, by=person)
    stored = Idea.objects.select_related("author__user").get(pk=idea.pk)
    assert (stored.author.user, stored.author.email, stored.author.receipt_digest) == (person, "", digest)
    assert stored.author.address == person.email
    assert Idea.objects.handed_in_by(person).get() == stored
    assert places_of("kanarienvogel") == []
    actions.claim(stored, by=person)


def test_an_idea_that_has_an_account_is_not_taken_over_by_another() -> None:
    first: User = UserFactory()
    idea = make_idea(Status.IN_REVIEW, user=first)
    with pytest.raises(actions.Refused, match="gehört schon zu einem Konto"):
        actions.claim(idea, by=UserFactory())
    assert Idea.objects.get(pk=idea.pk).author.user == first


def test_of_two_who_claim_at_once_one_gets_it() -> None:
    idea = make_idea(Status.IN_REVIEW, email=GUEST)
    one, other = Idea.objects.get(pk=idea.pk), Idea.objects.get(pk=idea.pk)
    assert (one.author.user_id, other.author.user_id) == (None, None)
    first: User = UserFactory()
    actions.claim(one, by=first)
    with pytest.raises(actions.Refused):
        actions.claim(other, by=UserFactory())
    assert Idea.objects.get(pk=idea.pk).author.user == first


def test_an_idea_that_was_never_confirmed_is_not_claimed() -> None:
    with pytest.raises(actions.Refused, match="bestätigen"):
        actions.claim(make_idea(Status.UNCONFIRMED), by=UserFactory())


def test_whoever_claims_an_idea_no_longer_decides_about_it() -> None:
    lead: User = UserFactory(lead=True)
    idea = make_idea(Status.IN_REVIEW, email=GUEST)
    assert permissions.possible_steps(lead, idea)
    actions.claim(idea, by=lead)
    assert permissions.possible_steps(lead, idea) == []


# --- black out --------------------------------------------------------------------------------------------------------


def test_the_lead_blacks_out_the_words_of_a_step_and_the_trail_says_so() -> None:
    lead: User = UserFactory(lead=True)
    idea = make_idea(Status.IN_REVIEW)
    decision = actions.Decision(reason="Herr Canarius hat angerufen.", note="Herr Canarius, Tel. 12")
    entry = actions.take(idea, Action.REJECT, by=lead, decision=decision)
    kept_hash = entry.reason_hash
    row = actions.redact(entry, by=lead, decision=actions.Decision(reason=WHY))
    assert "Dieser Text wurde entfernt" in TrailEntry.objects.get(pk=entry.pk).public_reason
    assert places_of("Canarius") == []
    assert TrailEntry.objects.get(pk=entry.pk).reason_hash == kept_hash
    assert (row.action, row.reason, row.from_status, row.to_status) == (
        Action.REDACT, WHY, Status.REJECTED, Status.REJECTED,
    )  # fmt: skip
    assert row.changes[0]["after"].startswith(f"{entry.position}. Verworfen")


def test_words_are_blacked_out_once_and_where_there_are_none_nothing_is() -> None:
    lead: User = UserFactory(lead=True)
    idea = make_idea(Status.REJECTED)
    entry = last_step(idea)
    actions.redact(entry, by=lead, decision=actions.Decision(reason=WHY))
    for wordless in (entry, idea.trail.get(position=1)):
        with pytest.raises(actions.Refused, match="keinen Text mehr"):
            actions.redact(wordless, by=lead, decision=actions.Decision(reason=WHY))
    assert idea.trail.filter(action=Action.REDACT).count() == 1, "no row without a deed"


def test_only_the_lead_blacks_out() -> None:
    idea = make_idea(Status.REJECTED)
    for person in (UserFactory(), UserFactory(reviewer=True), UserFactory(admin=True)):
        with pytest.raises(actions.Refused):
            actions.redact(last_step(idea), by=person, decision=actions.Decision(reason=WHY))
    assert last_step(idea).text.redacted_at is None


def test_an_answer_that_is_blacked_out_unread_does_not_wait_any_more() -> None:
    idea = asked()
    entry = actions.answer(idea, ANSWER)
    actions.redact(entry, by=UserFactory(lead=True), decision=actions.Decision(reason=WHY))
    assert "entfernt" in TrailEntry.objects.get(pk=entry.pk).public_reason
