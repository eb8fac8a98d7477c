"""Who is told of what: followers of an idea, a measure, a Lösung; at once or in a digest; each person once."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from accounts.contacts import contact_of_address, contact_of_user
from common import outbox
from common.models import OutboxMessage
from ideas import actions, news
from ideas.models import Follow, Frequency, Idea, Notice, TrailEntry
from ideas.workflow import Action, MeasureStatus, Status
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, make_idea
from tests.ideas.test_voices import put_under

GUEST = "gast@example.org"
WHY = actions.Decision(reason="Das gibt es schon am Bahnhof.")
BERLIN = ZoneInfo("Europe/Berlin")


def follow(target: Any, email: str = GUEST, frequency: str = Frequency.AT_ONCE) -> Follow:
    return actions.follow(contact_of_address(email), target, frequency)[0]


def mails_to(email: str = GUEST) -> list[Any]:
    """Deliver everything; what this person got since the last look."""
    outbox.drain()
    letters = [letter for letter in mail.outbox if letter.to == [email]]
    mail.outbox.clear()
    return letters


def decide(idea: Idea, action: Action = Action.REJECT, **fields: Any) -> TrailEntry:
    return actions.take(idea, action, by=UserFactory(lead=True), decision=WHY, **fields)


# --- at once ----------------------------------------------------------------------------------------------------------


def test_who_follows_an_idea_hears_of_a_decision_with_its_reason_and_can_stop_with_one_click(db: None) -> None:
    idea = make_idea(Status.IN_REVIEW, title="Brunnen")
    followed = follow(idea)
    mails_to()
    decide(idea)
    [letter] = mails_to()
    assert letter.subject == f"Idee {idea.number}: Verworfen"
    for words in ("„Brunnen“", WHY.reason, "Stand jetzt: Verworfen", idea.get_absolute_url(), "Sie folgen"):
        assert words in letter.body
    token = news.stop_token(followed.key)
    assert letter.extra_headers["List-Unsubscribe"].endswith(f"/abos/beenden/{token}/>")
    assert letter.extra_headers["List-Unsubscribe"].startswith("<http")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert token in letter.body


def test_the_mail_of_a_follower_holds_no_receipt_and_no_internal_note(db: None) -> None:
    idea = make_idea(Status.IN_REVIEW, user=UserFactory(email="autor@example.org"))
    follow(idea)
    mails_to()
    decision = actions.Decision(reason=WHY.reason, note="intern: Quelle prüfen")
    lead = UserFactory(lead=True, email="lea@example.org")
    actions.take(idea, Action.REJECT, by=lead, decision=decision)
    [letter] = mails_to()
    for secret in (idea.receipt_token, "intern:", "lea@example.org", "autor@example.org"):
        assert secret not in letter.body + str(letter.alternatives)


@pytest.mark.parametrize("step", ["submit", "confirm", "edit", "answer", "redact", "import", "merge", "absorb"])
def test_what_concerns_the_author_alone_or_is_told_elsewhere_is_no_news(step: str) -> None:
    assert step in news.NO_NEWS


def test_what_is_not_public_tells_nobody(db: None) -> None:
    idea = make_idea(Status.SUBMITTED)
    follow(loesung := LoesungFactory())
    Idea.objects.filter(pk=idea.pk).update(loesung=None)
    decide(idea)
    assert not OutboxMessage.objects.filter(kind="ideas.news").exists()
    assert loesung


def test_the_author_who_also_follows_gets_one_mail(db: None) -> None:
    author = UserFactory(email="autor@example.org")
    account, guest = make_idea(Status.IN_REVIEW, user=author), make_idea(Status.IN_REVIEW, email=GUEST)
    actions.follow(contact_of_user(author), account)
    follow(guest)
    mails_to()
    for idea, email in ((account, author.email), (guest, GUEST)):
        decide(idea)
        [letter] = mails_to(email)
        assert "Ihrer Idee" in letter.body, "the mail of an author, with the receipt"


def test_who_follows_idea_and_loesung_gets_one_mail_for_one_decision(db: None) -> None:
    loesung = LoesungFactory()
    idea = make_idea(Status.IN_REVIEW, loesung=loesung)
    follow(loesung, frequency=Frequency.WEEKLY)
    follow(idea)
    follow(loesung, "andere@example.org")
    mails_to()
    decide(idea)
    outbox.drain()
    assert sorted(letter.to[0] for letter in mail.outbox if "Sie folgen" in letter.body) == ["andere@example.org", GUEST]
    assert Notice.objects.count() == 2


def test_followers_of_a_loesung_hear_of_decisions_and_not_of_every_step(db: None) -> None:
    loesung = LoesungFactory()
    follow(loesung)
    idea = make_idea(Status.IN_REVIEW, loesung=loesung)
    assert mails_to() == []
    decide(idea, Action.KEEP)
    assert len(mails_to()) == 1


def test_a_measure_that_moves_tells_its_followers_those_of_its_loesung_and_of_its_ideas_each_once(db: None) -> None:
    loesung, author = LoesungFactory(), UserFactory(email="autor@example.org")
    measure = MeasureFactory(loesung=loesung, title="Trinkbrunnen")
    idea = make_idea(Status.KEPT, measures=(measure,), user=author)
    for target in (measure, loesung, idea):
        follow(target, "alles@example.org")
    follow(measure, "massnahme@example.org")
    follow(loesung, "loesung@example.org")
    follow(idea, "idee@example.org")
    actions.follow(contact_of_user(author), measure)
    outbox.drain()
    mail.outbox.clear()
    actions.change_measure_status(measure, MeasureStatus.PLANNING)
    outbox.drain()
    told = sorted(letter.to[0] for letter in mail.outbox)
    assert told == [f"{who}@example.org" for who in ("alles", "autor", "idee", "loesung", "massnahme")]
    by_measure = next(letter for letter in mail.outbox if letter.to == ["massnahme@example.org"])
    assert "Stand jetzt: In Planung" in by_measure.body
    assert measure.get_absolute_url() in by_measure.body


def test_followers_of_a_merged_idea_hear_of_the_one_that_it_became_part_of(db: None) -> None:
    root, member = make_idea(Status.IN_REVIEW), make_idea(Status.IN_REVIEW)
    follow(member)
    put_under(member, root)
    mails_to()
    decide(root)
    assert [letter.subject for letter in mails_to()] == [f"Idee {root.number}: Verworfen"]


def test_who_stopped_before_the_delivery_gets_nothing(db: None) -> None:
    idea = make_idea(Status.IN_REVIEW)
    followed = follow(idea)
    mails_to()
    decide(idea)
    while OutboxMessage.objects.filter(kind="ideas.news", done_at=None).exists():
        outbox.drain(1)
    actions.unfollow(followed)
    assert mails_to() == []
    assert not OutboxMessage.objects.filter(done_at=None).exists(), "that is no failure"


def test_the_same_event_handled_twice_tells_nobody_twice(db: None) -> None:
    idea = make_idea(Status.IN_REVIEW)
    for number in range(3):
        follow(idea, f"gast{number}@example.org", list(Frequency)[number])
    outbox.drain()
    mail.outbox.clear()
    entry = decide(idea)
    outbox.drain()
    sent = len(mail.outbox)
    # The worker died between the commit of the handler and its own.
    OutboxMessage.objects.filter(kind="ideas.news").delete()
    outbox.put("ideas.news", entry=entry.pk)
    Follow.objects.filter(frequency=Frequency.DAILY).update(frequency=Frequency.AT_ONCE)
    outbox.drain()
    assert len(mail.outbox) == sent
    assert Notice.objects.count() == 3


def test_a_fan_out_that_fails_half_way_leaves_nothing_and_is_done_again(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    idea = make_idea(Status.IN_REVIEW)
    follow(idea)
    mails_to()
    decide(idea)
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "put_many", lambda *_: 1 / 0)
        outbox.drain()
    assert not Notice.objects.exists()
    OutboxMessage.objects.update(due_at=timezone.now())
    assert len(mails_to()) == 1


def test_two_hundred_followers_cost_no_more_queries_than_two(db: None, django_assert_max_num_queries: Any) -> None:
    idea = make_idea(Status.IN_REVIEW)
    for number in range(200):
        follow(idea, f"gast{number}@example.org")
    outbox.drain()
    decide(idea)
    [message] = OutboxMessage.objects.filter(kind="ideas.news", done_at=None)
    with django_assert_max_num_queries(12):
        news._fan_out(message)
    assert OutboxMessage.objects.filter(kind="ideas.follow").count() == 200


# --- digests ----------------------------------------------------------------------------------------------------------

WEDNESDAY = datetime(2026, 11, 18, 12, tzinfo=BERLIN)


def told_on(when: datetime, *frequencies: str, title: str = "Brunnen") -> Idea:
    """An idea whose decision waits since then for followers with these frequencies."""
    idea = make_idea(Status.IN_REVIEW, title=title)
    for frequency in frequencies:
        follow(idea, f"{frequency}@example.org", frequency)
    decide(idea)
    outbox.drain()
    Notice.objects.filter(entry__idea=idea).update(created_at=when)
    mail.outbox.clear()
    return idea


def sent_at(when: datetime) -> list[str]:
    news.send_digests(when)
    outbox.drain()
    to = sorted(letter.to[0] for letter in mail.outbox)
    mail.outbox.clear()
    return to


def test_a_daily_digest_goes_out_after_six_and_a_weekly_one_on_monday(db: None) -> None:
    told_on(WEDNESDAY, Frequency.DAILY, Frequency.WEEKLY)
    thursday = WEDNESDAY.replace(day=19)
    assert sent_at(WEDNESDAY + timedelta(hours=5)) == []
    assert sent_at(thursday.replace(hour=5, minute=59)) == []
    assert sent_at(thursday.replace(hour=6)) == ["daily@example.org"]
    assert sent_at(thursday.replace(hour=7)) == []
    assert sent_at(WEDNESDAY.replace(day=22, hour=23)) == []
    assert sent_at(WEDNESDAY.replace(day=23, hour=5)) == []
    assert sent_at(WEDNESDAY.replace(day=23, hour=6)) == ["weekly@example.org"]
    assert sent_at(WEDNESDAY.replace(day=30, hour=6)) == []


def test_six_o_clock_is_local_also_in_summer(db: None) -> None:
    told_on(datetime(2026, 7, 1, 12, tzinfo=BERLIN), Frequency.DAILY)
    assert sent_at(datetime(2026, 7, 2, 5, 59, tzinfo=BERLIN)) == []
    assert sent_at(datetime(2026, 7, 2, 6, 0, tzinfo=BERLIN)) == ["daily@example.org"]


def test_a_digest_is_one_mail_with_everything_in_it_and_one_link_that_stops_all(db: None) -> None:
    first, second = told_on(WEDNESDAY, title="Brunnen"), told_on(WEDNESDAY, title="Radweg")
    contact = contact_of_address(GUEST)
    for idea, frequency in ((first, Frequency.DAILY), (second, Frequency.WEEKLY)):
        followed, _new = actions.follow(contact, idea, frequency)
        Notice.objects.create(follow=followed, entry=idea.trail.get(action=Action.REJECT), created_at=WEDNESDAY)
    news.send_digests(WEDNESDAY.replace(day=23))
    [letter] = mails_to()
    assert letter.subject == "2 Neuigkeiten für Sie"
    for words in ("„Brunnen“", "„Radweg“", first.get_absolute_url(), second.get_absolute_url(), WHY.reason):
        assert words in letter.body
    assert re.search(r"/abos/alle-beenden/\S+>$", letter.extra_headers["List-Unsubscribe"])


def test_a_digest_that_fails_half_way_carries_everything_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    told_on(WEDNESDAY, Frequency.DAILY)
    thursday = WEDNESDAY.replace(day=19)
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "put", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            news.send_digests(thursday)
    assert Notice.objects.get().sent_at is None
    assert sent_at(thursday) == ["daily@example.org"]
    assert sent_at(thursday) == []


def test_what_waits_goes_with_the_next_digest_when_somebody_changes_to_at_once(db: None) -> None:
    told_on(WEDNESDAY, Frequency.WEEKLY)
    Follow.objects.update(frequency=Frequency.AT_ONCE)
    assert sent_at(WEDNESDAY.replace(day=19)) == ["weekly@example.org"]


def test_what_was_told_is_forgotten_after_two_months(db: None) -> None:
    told_on(WEDNESDAY, Frequency.DAILY, Frequency.WEEKLY)
    Notice.objects.filter(follow__frequency="daily").update(sent_at=WEDNESDAY)
    assert news.forget_what_was_told(WEDNESDAY + timedelta(days=59)) == 0
    assert news.forget_what_was_told(WEDNESDAY + timedelta(days=61)) == 1
    assert Notice.objects.get().follow.frequency == "weekly"
