"""The pages on which people write, change and delete comments: with an account, as a guest, and what stands in their way."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.known import SESSION_KEY
from accounts.models import Contact
from common import outbox
from ideas.models import Idea
from ideas.workflow import Status
from participation import actions
from participation.comment_workflow import Action, State
from participation.models import Comment, CommentRules, Discussion
from participation.models.comment import LONGEST
from tests.factories import LoesungFactory, MeasureFactory, UserFactory
from tests.factories import comments as make
from tests.factories.ideas import make_idea
from tests.proofs import Commenter

pytestmark = pytest.mark.django_db
GUEST = "gast@example.org"
TEXT = "Eine Bank am Busbahnhof wäre schön."


@pytest.fixture(autouse=True)
def _open_brakes(db):
    make.rules(**make.OPEN)


@pytest.fixture
def idea(db):
    return make_idea(Status.KEPT, title="Trinkbrunnen")


@pytest.fixture
def client():
    return Commenter()


def write_path(idea):
    return f"/kommentare/idee/{idea.number}/schreiben/"


def as_person(client: Client, contact: Contact) -> Client:
    client.force_login(contact.user)
    return client


def as_guest(client: Client, contact: Contact) -> Client:
    session = client.session
    session[SESSION_KEY] = contact.pk
    session.save()
    return client


def mailed_path(to=GUEST, part="/konto/adresse/"):
    outbox.drain()
    letter = [letter for letter in mail.outbox if letter.to == [to]][-1]
    return re.search(rf"https?://[^/]+({part}\S+)", letter.body).group(1)


def letters_to(address):
    outbox.drain()
    return sum(letter.to == [address] for letter in mail.outbox)


# --- writing ----------------------------------------------------------------------------------------------------------


def test_somebody_with_an_account_writes_and_lands_where_the_comment_stands(client, idea):
    contact = make.person("Ada")
    page = as_person(client, contact).get(write_path(idea))
    assert "Ada" in page.text
    assert "no-store" in page["Cache-Control"]
    assert not Discussion.objects.exists(), "opening it changes nothing"
    answer = client.post(write_path(idea), {"text": TEXT, "followup": "on"})
    comment = Comment.objects.get()
    assert answer.url == f"/kommentare/{comment.pk}/"
    assert (comment.state, comment.comment, comment.contact, comment.author_name) == ("public", TEXT, contact, "Ada")
    assert comment.followup
    assert len(comment.network) == 64
    assert (comment.user_email, comment.ip_address) == ("", None)


@pytest.mark.parametrize("make_target", [MeasureFactory, LoesungFactory], ids=["measure", "Lösung"])
def test_measures_and_loesungen_take_comments_too(client, make_target):
    target = make_target()
    kind, key = ("massnahme", target.slug) if hasattr(target, "code") else ("seite", target.pk)
    as_person(client, make.person()).post(f"/kommentare/{kind}/{key}/schreiben/", {"text": TEXT})
    assert Comment.objects.get().discussion.target.pk == target.pk


def test_a_guest_confirms_the_address_and_reads_the_text_before_it_is_sent(client, idea):
    answer = client.post(write_path(idea), {"text": TEXT, "name": "Nora", "email": GUEST, "language": "de"})
    assert answer.url == f"{write_path(idea)}?gesendet"
    page = client.get(answer.url)
    assert "Bitte bestätigen Sie Ihre E-Mail-Adresse" in page.text
    assert Comment.objects.get().state == State.UNCONFIRMED
    path = mailed_path()
    assert TEXT not in mail.outbox[-1].body, "a stranger's words don't go to an address that nobody proved"
    page = client.get(path)
    assert "Das wurde mit Ihrer Adresse geschrieben" in page.text
    assert TEXT in page.text
    assert "Adresse bestätigen und Kommentar absenden" in page.text
    answer = client.post(path)
    comment = Comment.objects.get()
    assert (comment.state, comment.author_name) == ("public", "Nora")
    assert answer.url == f"/kommentare/{comment.pk}/"
    assert client.post(path).url == answer.url, "a second press leads to the same place"


def test_a_guest_whose_comment_is_held_is_told_that_it_is_being_checked(client, idea):
    make.rules(moderation=CommentRules.Moderation.BEFORE)
    client.post(write_path(idea), {"text": TEXT, "email": GUEST})
    answer = client.post(mailed_path())
    assert answer.url == f"/kommentare/idee/{idea.number}/"
    assert "wird geprüft" in str(list(answer.wsgi_request._messages)[-1])


def test_a_guest_is_told_the_same_when_the_address_got_too_many_mails(client, idea):
    answers = {client.post(write_path(idea), {"text": f"{TEXT} {n}", "email": GUEST}).url for n in range(5)}
    assert answers == {f"{write_path(idea)}?gesendet"}
    assert letters_to(GUEST) == 3
    assert Comment.objects.count() == 3


def test_a_guest_who_is_known_in_this_session_writes_at_once(client, idea):
    contact = make.guest(GUEST)
    page = as_guest(client, contact).get(write_path(idea))
    assert "g…@example.org" in page.text
    assert 'name="email"' not in page.text
    client.post(write_path(idea), {"text": TEXT, "name": "Nora"})
    comment = Comment.objects.get()
    assert (comment.state, comment.contact, comment.author_name) == ("public", contact, "Nora")


def test_a_guest_who_is_somebody_else_keeps_what_was_typed(client, idea):
    page = as_guest(client, make.guest()).post(write_path(idea), {"text": TEXT, "action": "forget"})
    assert TEXT in page.text
    assert 'name="email"' in page.text
    assert not Comment.objects.exists()


def test_what_is_held_is_said_to_be_checked(client, idea):
    make.rules(moderation=CommentRules.Moderation.BEFORE)
    answer = as_person(client, make.person()).post(write_path(idea), {"text": TEXT})
    assert answer.url == f"/kommentare/idee/{idea.number}/"
    assert "wird geprüft" in str(next(iter(answer.wsgi_request._messages)))
    assert Comment.objects.get().state == State.HELD


def test_an_answer_shows_what_it_answers_and_stands_below_it(client):
    first = make.comment(text="Wo soll der Brunnen stehen?")
    page = as_person(client, make.person()).get(f"/kommentare/{first.pk}/antworten/")
    assert "Wo soll der Brunnen stehen?" in page.text
    client.post(f"/kommentare/{first.pk}/antworten/", {"text": TEXT})
    assert Comment.objects.get(reply_to=first).level == 1


@pytest.mark.parametrize(
    ("person", "official"), [({"reviewer": True}, True), ({"lead": True}, True), ({"moderator": True}, False), ({}, False)]
)
def test_only_the_office_answers_officially(client, idea, person, official):
    client.force_login(UserFactory(**person))
    assert ("Als offizielle Antwort" in client.get(write_path(idea)).text) is official
    client.post(write_path(idea), {"text": TEXT, "official": "on"})
    assert Comment.objects.get().is_official is official


# --- nothing typed is lost --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "Bitte schreiben Sie, was Sie sagen möchten."),
        ({"text": " … \u200b "}, "Bitte schreiben Sie, was Sie sagen möchten."),
        ({"text": "ä" * (LONGEST + 1)}, "Das ist zu lang: 2001 Zeichen. Bitte kürzen Sie auf höchstens 2000 Zeichen."),
        ({"email": ""}, "Bitte geben Sie Ihre E-Mail-Adresse ein."),
        ({"email": "gast@"}, "Diese E-Mail-Adresse ist nicht vollständig."),
        ({"name": GUEST}, "Das sieht aus wie eine E-Mail-Adresse."),
        ({"name": "x" * 51}, "Das ist zu lang: 51 Zeichen."),
        ({"language": "fr"}, "Bitte wählen Sie Deutsch oder Englisch."),
        ({"website": "http://spam.example"}, "Bitte lassen Sie dieses Feld leer."),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_stays(client, idea, wrong, sentence):
    typed = {"text": TEXT, "name": "Nora", "email": GUEST, "language": "de", "followup": "on", **wrong}
    page = client.post(write_path(idea), typed)
    assert page.status_code == 422
    assert sentence in page.text
    assert page.context["form"].data["text"] == typed["text"]
    assert typed["text"].strip() in page.text
    assert f'value="{typed["name"]}"' in page.text
    assert "checked" in page.text
    assert not Comment.objects.exists()


def test_two_thousand_characters_fit_however_the_browser_ends_lines(client, idea):
    text = "a" * 1000 + "\r\n" + "b" * 999
    as_person(client, make.person()).post(write_path(idea), {"text": text})
    assert len(Comment.objects.get().comment) == LONGEST


def test_a_discussion_that_was_closed_meanwhile_gives_the_text_back(client, idea):
    as_person(client, make.person()).get(write_path(idea))
    Discussion.objects.create(idea=idea, is_closed=True)
    page = client.post(write_path(idea), {"text": TEXT})
    assert page.status_code == 409
    assert "keine neuen Kommentare mehr möglich" in page.text
    assert TEXT in page.text
    assert "keine neuen Kommentare" in client.get(write_path(idea)).text


def test_an_answer_to_what_was_hidden_meanwhile_gives_the_text_back_and_not_the_hidden_one(client):
    first = make.comment(State.HIDDEN, text="Zu grob")
    page = as_person(client, make.person()).post(f"/kommentare/{first.pk}/antworten/", {"text": TEXT})
    assert page.status_code == 409
    assert TEXT in page.text
    assert "Zu grob" not in page.text


def test_from_one_network_come_twenty_an_hour_and_the_text_stays(client, idea):
    as_person(client, make.person())
    for number in range(20):
        assert client.post(write_path(idea), {"text": f"{TEXT} {number}"}).status_code == 302
    page = client.post(write_path(idea), {"text": TEXT})
    assert page.status_code == 429
    assert TEXT in page.text
    assert Comment.objects.count() == 20


def test_who_is_new_and_wrote_enough_for_today_keeps_the_text(client, idea):
    make.rules(new_per_day=1)
    as_person(client, make.person()).post(write_path(idea), {"text": "Erster"})
    page = client.post(write_path(idea), {"text": TEXT})
    assert page.status_code == 409
    assert "Bitte kommen Sie morgen wieder" in page.text
    assert TEXT in page.text


def test_somebody_blocked_is_told_so(client, idea):
    contact = make.person()
    actions.block(contact, by=make.moderator(), reason="Wiederholt beleidigt.")
    page = as_person(client, contact).get(write_path(idea))
    assert "zurzeit keine Kommentare schreiben" in page.text
    assert "<textarea" not in page.text


def test_without_guests_a_stranger_is_sent_to_the_door_with_the_text(client, idea):
    make.rules(guests=False)
    page = client.get(write_path(idea))
    assert f"?next={write_path(idea)}" in page.text
    assert "<textarea" not in page.text
    page = client.post(write_path(idea), {"text": TEXT, "email": GUEST})
    assert (page.status_code, TEXT in page.text) == (409, True)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "path", ["/kommentare/idee/99999/schreiben/", "/kommentare/quatsch/1/schreiben/", "/kommentare/seite/x/schreiben/"]
)
def test_on_what_does_not_exist_nobody_comments(client, path):
    assert client.get(path).status_code == 404


def test_on_an_idea_that_is_not_public_nobody_comments(client):
    hidden = make_idea()
    assert not Idea.objects.public().filter(pk=hidden.pk).exists()
    assert client.get(write_path(hidden)).status_code == 404


# --- once is once -----------------------------------------------------------------------------------------------------


def test_a_second_press_and_a_reload_make_no_second_comment(client, idea):
    key = str(uuid.uuid4())
    as_person(client, make.person())
    answers = {client.post(write_path(idea), {"text": TEXT, "submission_key": key}).url for _press in range(3)}
    assert answers == {f"/kommentare/{Comment.objects.get().pk}/"}


def test_going_back_and_sending_another_text_asks_whether_it_is_another_comment(client, idea):
    key = str(uuid.uuid4())
    as_person(client, make.person()).post(write_path(idea), {"text": "Der erste", "submission_key": key})
    page = client.post(write_path(idea), {"text": "Der zweite", "submission_key": key})
    assert page.status_code == 409
    assert "haben Sie schon einen Kommentar gesendet" in page.text
    assert "Der zweite" in page.text
    new_key = page.context["form"]["submission_key"].value()
    assert client.post(write_path(idea), {"text": "Der zweite", "submission_key": new_key}).status_code == 302
    assert sorted(Comment.objects.values_list("comment", flat=True)) == ["Der erste", "Der zweite"]


def test_a_guests_second_press_mails_no_second_link(client, idea):
    typed = {"text": TEXT, "email": GUEST, "submission_key": str(uuid.uuid4())}
    for _press in range(2):
        assert client.post(write_path(idea), typed).url == f"{write_path(idea)}?gesendet"
    assert (letters_to(GUEST), Comment.objects.count()) == (1, 1)


def test_a_key_that_is_none_is_made_up_for(client, idea):
    as_person(client, make.person())
    assert client.post(write_path(idea), {"text": TEXT, "submission_key": ""}).status_code == 302
    assert client.post(write_path(idea), {"text": TEXT, "submission_key": "quatsch"}).status_code == 422


# --- who may do what, when --------------------------------------------------------------------------------------------

OWN, OTHER, GUEST_OTHER, NOBODY, LEAD = "author", "another account", "another guest", "nobody", "lead"
DOOR = "asks who it is"
# By person and state: the form (200), somebody else's (403), no such page (404), led away as nothing is left to do (302).
EDIT = {
    State.HELD: {OWN: 200, OTHER: 404, GUEST_OTHER: 404, NOBODY: DOOR, LEAD: 404},
    State.PUBLIC: {OWN: 200, OTHER: 403, GUEST_OTHER: 403, NOBODY: DOOR, LEAD: 403},
    State.HIDDEN: {OWN: 200, OTHER: 403, GUEST_OTHER: 403, NOBODY: DOOR, LEAD: 403},
    State.REFUSED: {OWN: 200, OTHER: 404, GUEST_OTHER: 404, NOBODY: DOOR, LEAD: 404},
    State.DELETED: {OWN: 200, OTHER: 403, GUEST_OTHER: 403, NOBODY: DOOR, LEAD: 403},
    State.UNCONFIRMED: {OWN: 404, OTHER: 404, GUEST_OTHER: 404, NOBODY: 404, LEAD: 404},
}
DELETE = {state: {**row, OWN: 302} if state == State.DELETED else row for state, row in EDIT.items()}
REPLY = {
    # 200: the form. "closed": the page says that it isn't possible.
    State.HELD: 404,
    State.PUBLIC: 200,
    State.HIDDEN: "closed",
    State.REFUSED: 404,
    State.DELETED: "closed",
    State.UNCONFIRMED: 404,
}
CHANGES = {State.HELD, State.PUBLIC}


def visitor(who, comment):
    client, author = Client(), comment.contact
    if who == OWN and author:
        as_person(client, author)
    if who in (OTHER, LEAD):
        client.force_login(UserFactory(lead=who == LEAD))
    if who == GUEST_OTHER:
        as_guest(client, make.guest())
    return client


@pytest.mark.parametrize("who", [OWN, OTHER, GUEST_OTHER, NOBODY, LEAD])
@pytest.mark.parametrize("state", list(State))
def test_who_may_edit_delete_and_answer_in_which_state(state, who):
    comment = make.comment(state, text="Alter Text")
    assert comment.state == state
    client = visitor(who, comment)
    for table, page in ((EDIT, "bearbeiten"), (DELETE, "loeschen")):
        expected = table[state][NOBODY if who == OWN and state == State.UNCONFIRMED else who]
        answer = client.get(f"/kommentare/{comment.pk}/{page}/")
        assert (DOOR if "Ist das Ihr Kommentar?" in answer.text else answer.status_code) == expected, page
        if who != OWN:
            client.post(f"/kommentare/{comment.pk}/{page}/", {"text": "Neu"})
    comment.refresh_from_db()
    assert comment.state == state
    assert comment.versions.count() == 1
    answer = client.get(f"/kommentare/{comment.pk}/antworten/")
    found = answer.status_code if answer.status_code != 200 or "<textarea" in answer.text else "closed"
    assert found == REPLY[state]
    if who == OWN and state in State.values and state != State.UNCONFIRMED:
        changed = client.post(f"/kommentare/{comment.pk}/bearbeiten/", {"text": "Neuer Text"})
        assert changed.status_code == (302 if state in CHANGES else 409)
        assert comment.versions.count() == (2 if state in CHANGES else 1)
        client.post(f"/kommentare/{comment.pk}/loeschen/")
        comment.refresh_from_db()
        assert comment.state == State.DELETED
        assert {version.text for version in comment.versions.all()} == {""}


@pytest.mark.parametrize(("seconds", "may"), [(0, True), (14 * 60 + 30, True), (15 * 60 + 1, False), (86400, False)])
def test_the_author_edits_for_fifteen_minutes_and_deletes_for_ever(client, seconds, may):
    comment = make.comment(text="Alt")
    Comment.objects.filter(pk=comment.pk).update(submit_date=timezone.now() - timedelta(seconds=seconds))
    as_person(client, comment.contact)
    page = client.post(f"/kommentare/{comment.pk}/bearbeiten/", {"text": "Ganz neu"})
    comment.refresh_from_db()
    assert (page.status_code, comment.comment) == ((302, "Ganz neu") if may else (409, "Alt"))
    if not may:
        assert "nur in den ersten 15 Minuten" in page.text
        assert "Ganz neu" in page.text, "what was typed can be copied"
    assert client.post(f"/kommentare/{comment.pk}/loeschen/").status_code == 302
    assert client.post(f"/kommentare/{comment.pk}/loeschen/").status_code == 302, "a second press is harmless"


def test_the_same_text_once_more_is_no_change(client):
    comment = make.comment(text="Alt")
    as_person(client, comment.contact).post(f"/kommentare/{comment.pk}/bearbeiten/", {"text": "Alt\r\n"})
    comment.refresh_from_db()
    assert (comment.versions.count(), comment.edited_at) == (1, None)


def test_an_edit_of_what_was_approved_says_that_the_old_text_stays_meanwhile(client):
    comment = make.comment(text="Freigegeben")
    actions.decide(comment, Action.KEEP, by=make.moderator(), reason="In Ordnung.")
    answer = as_person(client, comment.contact).post(f"/kommentare/{comment.pk}/bearbeiten/", {"text": "Neu"})
    assert "Bis dahin steht der bisherige Text da" in str(next(iter(answer.wsgi_request._messages)))
    assert "Neu" in client.get(f"/kommentare/{comment.pk}/bearbeiten/").text


def test_an_empty_edit_is_refused_with_a_sentence(client):
    comment = make.comment(text="Alt")
    page = as_person(client, comment.contact).post(f"/kommentare/{comment.pk}/bearbeiten/", {"text": "  "})
    assert page.status_code == 422
    assert "Bitte schreiben Sie, was Sie sagen möchten." in page.text


def test_a_guest_proves_the_address_again_and_deletes_the_own_comment(client):
    comment = make.comment(by=make.guest(GUEST), text="Weg damit")
    path = f"/kommentare/{comment.pk}/loeschen/"
    assert "Weg damit" not in client.get(path).text
    assert client.post(path, {"email": "quatsch"}).status_code == 422
    assert client.post(path, {"email": GUEST}).url == f"{path}?gesendet"
    assert client.post(mailed_path()).url == path
    client.post(path)
    comment.refresh_from_db()
    assert comment.state == State.DELETED


def test_what_the_office_wrote_is_not_changed_with_a_mailed_link_alone(client):
    contact = make.person()
    contact.user.groups.add(*UserFactory(lead=True).groups.all())
    comment = make.comment(by=contact, text="Amtlich")
    as_guest(client, contact)
    for page in ("bearbeiten", "loeschen"):
        answer = client.post(f"/kommentare/{comment.pk}/{page}/", {"text": "Gekapert", "email": GUEST})
        assert "Ist das Ihr Kommentar?" in answer.text
        assert 'name="email"' not in answer.text
    comment.refresh_from_db()
    assert (comment.state, comment.comment) == ("public", "Amtlich")
