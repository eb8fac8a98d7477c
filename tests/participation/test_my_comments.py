"""One's own comments: the list in the account, the link that ends mails about answers, and what nobody ever confirmed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ideas.workflow import Status
from participation import actions
from participation.comment_housekeeping import delete_unconfirmed_comments
from participation.comment_mails import stop_path
from participation.comment_workflow import State
from participation.models import Comment
from tests.factories import LoesungFactory, MeasureFactory, UserFactory
from tests.factories import comments as make
from tests.factories.ideas import make_idea
from tests.participation.test_commenting import as_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open_brakes(db):
    make.rules(**make.OPEN)


# --- one's own comments -----------------------------------------------------------------------------------------------


def test_the_own_comments_say_what_became_of_them(client):
    contact, other = make.person(), make.comment(text="Von jemand anderem")
    make.comment(by=contact, text="Öffentlich")
    make.comment(State.HELD, by=contact, text="Wartet")
    hidden = make.comment(State.HIDDEN, by=contact, text="Ausgeblendet")
    make.comment(State.DELETED, by=contact, text="Gelöscht")
    page = as_person(client, contact).get("/konto/kommentare/")
    for words in ("Öffentlich", "Wartet", "Die Prüfung gegen automatische Beiträge fehlt.", "Beleidigung", make.WHY):
        assert words in page.text
    assert f"/kommentare/{hidden.pk}/einspruch/" in page.text
    assert other.comment not in page.text
    actions.complain(hidden, "Das war ein Zitat.", contact)
    page = client.get("/konto/kommentare/")
    assert "noch nicht entschieden" in page.text
    assert f"/kommentare/{hidden.pk}/einspruch/" not in page.text
    assert "Meine Kommentare" in client.get("/konto/").text


def test_the_list_of_own_comments_asks_the_database_the_same_for_many(client):
    contact = make.person()
    targets = [make_idea(Status.KEPT), MeasureFactory(), LoesungFactory()]
    for target in targets:
        make.comment(by=contact, on=target)
    as_person(client, contact)
    client.get("/konto/kommentare/")
    with CaptureQueriesContext(connection) as few:
        client.get("/konto/kommentare/")
    for target in targets * 6:
        make.comment(by=contact, on=target)
    make.comment(State.HIDDEN, by=contact)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/konto/kommentare/")
    assert page.text.count('<li class="entry') == 20
    assert 'href="/konto/kommentare/?seite=2"' in page.text
    assert len(many) == len(few)


def test_somebody_without_comments_is_shown_where_to_begin(client):
    client.force_login(UserFactory())
    assert "noch nichts kommentiert" in client.get("/konto/kommentare/").text


# --- no more mails ----------------------------------------------------------------------------------------------------


def test_mails_about_answers_stop_with_a_button_and_nothing_stops_by_opening_the_link(client):
    comment = make.comment(followup=True)
    page = client.get(stop_path(comment))
    assert page["Referrer-Policy"] == "strict-origin"
    comment.refresh_from_db()
    assert comment.followup
    assert "keine E-Mails mehr" in client.post(stop_path(comment)).text
    comment.refresh_from_db()
    assert not comment.followup
    assert "keine E-Mails mehr" in client.get(stop_path(comment)).text


def test_a_mail_program_stops_at_once_without_a_token_of_ours():
    comment = make.comment(followup=True)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(stop_path(comment), {"List-Unsubscribe": "One-Click"}).status_code == 200
    comment.refresh_from_db()
    assert not comment.followup


def test_a_wrong_link_and_the_link_of_another_comment_stop_nothing(client):
    comment, other = make.comment(followup=True), make.comment(followup=True)
    token = stop_path(other).split("/")[-2]
    for path in (f"/kommentare/{comment.pk}/abbestellen/{token}/", f"/kommentare/{comment.pk}/abbestellen/ü/"):
        assert client.post(path).status_code == 404
    comment.refresh_from_db()
    assert comment.followup


# --- what nobody confirms ---------------------------------------------------------------------------------------------


def test_what_nobody_confirms_is_deleted_when_its_link_has_run_out():
    waits, kept = make.comment(State.UNCONFIRMED), make.comment()
    assert delete_unconfirmed_comments(timezone.now() + timedelta(days=6)) == 0
    assert delete_unconfirmed_comments(timezone.now() + timedelta(days=8)) == 1
    assert list(Comment.objects.all()) == [kept]
    assert not Comment.objects.filter(pk=waits.pk).exists()
