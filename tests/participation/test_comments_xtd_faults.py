"""The twelve faults of django-comments-xtd, on whose model our comments stand: none is in a page, a mail or a link of ours."""

import os
import pickle
import re
import subprocess
import sys
import uuid
from itertools import pairwise
from pathlib import Path
from typing import Any

import django_comments_xtd
import pytest
from django.conf import settings
from django.core import mail, signing
from django.db import connection
from django.db.models import CharField, GenericIPAddressField, TextField
from django.db.models.signals import pre_save
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.crypto import salted_hmac

from accounts.contacts import contact_of_user
from common import outbox
from ideas.workflow import Status
from participation import actions, comment_mails
from participation.actions import Author
from participation.comment_workflow import Action, Ground, State
from participation.discussions import Subject
from participation.models import Comment, Report
from tests.factories import UserFactory, make_idea
from tests.factories import comments as make

ROOT = Path(__file__).resolve().parents[2]
ITS_FOLDER = Path(django_comments_xtd.__file__).parent
ADDRESS = "geheime.adresse@example.org"


@pytest.fixture(autouse=True)
def _open_brakes(request: pytest.FixtureRequest) -> None:
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        make.rules(**make.OPEN)


def talk(number: int = 12) -> Comment:
    """The first of some comments on an idea; by people without a name whose address nobody may learn, and by guests."""
    idea = make_idea(Status.KEPT)
    first = make.comment(on=idea, by=contact_of_user(UserFactory(email=ADDRESS)), followup=True)
    for place in range(number - 1):
        by = (
            make.guest(f"gast-{place}-{ADDRESS}")
            if place % 2
            else contact_of_user(UserFactory(email=f"konto-{place}-{ADDRESS}"))
        )
        make.comment(on=idea, by=by, reply_to=first if place % 3 else None)
    make.comment(State.HIDDEN, on=idea)
    make.comment(State.DELETED, on=idea)
    return first


def pages_about(comment: Comment) -> list[str]:
    """Everything that anybody may open about a comment."""
    about = Subject(comment.content_object)
    own = ("comment_reply", "comment_report")
    return [
        about.url, about.comments_url, f"{about.comments_url}?sortiert=neueste", about.write_url,
        reverse("comment_rules"), reverse("comment_numbers"), *(reverse(name, args=[comment.pk]) for name in own),
    ]  # fmt: skip


def own_pages(comment: Comment) -> list[str]:
    return [reverse("my_comments"), *(reverse(name, args=[comment.pk]) for name in ("comment_edit", "comment_delete"))]


def desk_pages(comment: Comment) -> list[str]:
    return [f"{reverse('moderation_desk:queue')}?ordner=alle", reverse("moderation_desk:comment", args=[comment.pk])]


def read(client: Client, url: str) -> str:
    answer = client.get(url, follow=True)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def mails_about(comment: Comment) -> list[Any]:
    """One of every kind that is mailed about comments."""
    idea, moderator = comment.content_object, make.moderator()
    make.comment(reply_to=comment, by=contact_of_user(UserFactory(email=f"antwort-{ADDRESS}")))
    actions.report(comment, Ground.OTHER, email="melder@example.org")
    actions.decide(comment, Action.HIDE, by=moderator, ground=Ground.OTHER, reason=make.WHY)
    actions.block(comment.contact, by=moderator, reason=make.WHY)
    actions.write(idea, "Von einem Gast", Author(name="Gast", email="neu@example.org"))
    outbox.drain()
    return list(mail.outbox)


def parts_of(message: Any) -> list[str]:
    return [message.body, *(content for content, _kind in message.alternatives)]


# --- 1 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.slow
def test_1_no_page_of_ours_asks_the_database_once_more_for_each_comment(
    client: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    idea = make_idea(Status.KEPT)
    for _number in range(3):
        make.comment(on=idea)
    url = Subject(idea).comments_url
    read(client, url)
    with django_assert_max_num_queries(12) as few:
        read(client, url)
    for _number in range(37):
        make.comment(on=idea)
    with django_assert_num_queries(len(few)):
        read(client, url)


# --- 2 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_2_no_page_and_no_mail_of_ours_gives_away_an_address_or_asks_gravatar(client: Client) -> None:
    comment = talk()
    for url in pages_about(comment):
        page = read(client, url)
        assert ADDRESS not in page, url
        assert "gravatar" not in page.lower(), url
        assert not re.search(r'(src|srcset|href)="(https?:)?//[^"]*avatar', page), url
    for message in mails_about(comment):
        for part in parts_of(message):
            others = part.replace(message.to[0], "")
            assert ADDRESS not in others, message.subject
            assert "gravatar" not in part.lower(), message.subject


@pytest.mark.django_db
def test_2_the_name_that_is_read_is_never_the_address() -> None:
    user = UserFactory(email=ADDRESS, display_name="", first_name="", last_name="")
    comment = make.comment(by=contact_of_user(user))
    assert comment.author_name == ""
    assert (comment.user_name, comment.user_email) == ("", "")


# --- 3 ----------------------------------------------------------------------------------------------------------------


class Bomb:
    """Whoever unpickles this leaves a trace."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(TRACE),))


TRACE = Path("/tmp") / f"unpickled-{uuid.uuid4()}"  # never made


def signed_pickle() -> str:
    """As its signed.py makes them, with our key: HMAC-SHA1 over a pickle."""
    packed = signing.b64_encode(pickle.dumps({"comment": Bomb()})).decode()
    mac = salted_hmac("", packed, secret=settings.SECRET_KEY).digest()
    return f"{packed}.{signing.b64_encode(mac).decode()}"


def test_3_nothing_of_ours_loads_the_module_that_signs_pickles() -> None:
    loaded = in_a_process_of_its_own(
        "[name for name in sys.modules if name.startswith(('django_comments_xtd.', 'django_comments.'))]"
    )
    for name in ("signed", "views", "api", "urls", "forms"):
        assert f"django_comments_xtd.{name}'" not in loaded
    assert "django_comments.forms" not in loaded


@pytest.mark.django_db
def test_3_a_pickle_signed_with_our_key_does_nothing_at_any_of_our_addresses(client: Client) -> None:
    token, comment = signed_pickle(), make.comment(by=make.guest(), followup=True)
    for url in (
        reverse("comment_stop", args=[comment.pk, token]), reverse("comment_complain_by_token", args=[comment.pk, token]),
        reverse("report_receipt", args=[1, token]), f"/konto/adresse/{token}/", f"/comments/confirm/{token}/",
        f"/comments/mute/{token}/",
    ):  # fmt: skip
        for send in (client.get, client.post):
            assert send(url).status_code in (403, 404, 405, 410), url
    comment.refresh_from_db()
    assert (comment.state, comment.followup) == ("public", True)
    assert not TRACE.exists(), "somebody unpickled it"


@pytest.mark.django_db
def test_3_no_link_in_our_mails_carries_more_than_a_short_token() -> None:
    for message in mails_about(talk(2)):
        for part in parts_of(message):
            for token in re.findall(r"/([A-Za-z0-9_.:=-]{30,})/", part):
                assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token), f"{message.subject}: {token}"


def test_3_none_of_its_addresses_is_ours() -> None:
    def modules(patterns: Any) -> set[str]:
        found: set[str] = set()
        for each in patterns:
            if isinstance(each, URLResolver):
                found |= modules(each.url_patterns)
            elif isinstance(each, URLPattern):
                found.add(each.callback.__module__)
        return found

    assert not {name for name in modules(get_resolver().url_patterns) if name.startswith("django_comments")}


# --- 4 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_4_saving_a_comment_three_times_counts_no_reply_more_and_publishes_none() -> None:
    first = make.comment()
    reply = make.comment(reply_to=first)
    hidden = make.comment(State.HIDDEN, reply_to=first)
    for _save in range(3):
        Comment.objects.get(pk=first.pk).save()
    assert set(Comment.objects.values_list("nested_count", flat=True)) == {0}
    states = dict(Comment.objects.values_list("pk", "is_public"))
    assert states == {first.pk: True, reply.pk: True, hidden.pk: False}
    assert not [one for one in pre_save.receivers if "xtd" in repr(one) and one[0][1] == id(Comment)]


@pytest.mark.django_db
def test_4_hiding_a_comment_hides_no_reply_and_showing_it_again_shows_no_hidden_one() -> None:
    first = make.comment()
    reply, hidden = make.comment(reply_to=first), make.comment(State.HIDDEN, reply_to=first)
    actions.decide(first, Action.HIDE, by=make.moderator(), ground=Ground.INSULT, reason=make.WHY)
    actions.decide(first, Action.RESTORE, by=make.moderator(), reason=make.WHY)
    for each, state in ((reply, "public"), (hidden, "hidden")):
        each.refresh_from_db()
        assert (each.state, each.is_public) == (state, state == "public")


# --- 5 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_5_a_moderator_who_is_no_superuser_sees_how_to_hide_a_comment() -> None:
    comment, moderator = make.comment(text="Der Stein des Anstoßes"), make.moderator()
    assert not moderator.is_superuser
    page = read(signed_in(moderator), reverse("moderation_desk:comment", args=[comment.pk]))
    assert "Der Stein des Anstoßes" in page
    assert reverse("moderation_desk:decide", args=[comment.pk, "hide"]) in page
    for path in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("templates/**/*.txt")]:
        assert "perms.comments" not in path.read_text(), path


# --- 6 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_6_pages_and_mails_about_comments_are_german(client: Client) -> None:
    comment = talk(3)
    english = re.compile(
        r">\s*(Reply|Report|Comment|Comments|Post|Send|Preview|Delete|Flag|Like|Name|Required|Notify me)\b[^<]*<"
    )
    for url in pages_about(comment):
        page = read(client, url)
        assert '<html lang="de"' in page, url
        assert not (found := english.findall(page)), (url, found)
    for message in mails_about(comment):
        assert "Guten Tag" in message.body, message.subject


# --- 7 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_7_what_is_not_there_is_said_by_our_own_page(client: Client) -> None:
    assert Path(get_template("404.html").origin.name).is_relative_to(ROOT / "templates")
    answer = client.get("/kommentare/999999/")
    assert answer.status_code == 404
    assert '<html lang="de"' in answer.content.decode()


@pytest.mark.django_db
def test_7_none_of_its_templates_is_rendered_for_a_page_or_a_mail_of_ours(client: Client, monkeypatch: Any) -> None:
    from django.template import Template

    used: set[str] = set()
    render = Template._render  # type: ignore[attr-defined]

    def spy(self: Any, context: Any) -> Any:
        used.add(str(self.origin.name))
        return render(self, context)

    monkeypatch.setattr(Template, "_render", spy)
    comment = talk(3)
    for url in pages_about(comment):
        read(client, url)
    mails_about(comment)
    assert used
    assert not [name for name in used if "django_comments" in name]


# --- 8 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_8_no_page_of_ours_carries_style_or_script_in_its_markup_or_an_image_without_a_word(client: Client) -> None:
    """axe itself looks at these pages in tests/e2e/test_every_page_is_accessible.py; their CSP stands on every answer."""
    comment, author = talk(), make.comment()
    author_pages = [(signed_in(author.user), url) for url in own_pages(author)]
    for reader, url in [*((client, url) for url in pages_about(comment)), *author_pages]:
        answer = reader.get(url, follow=True)
        page = answer.content.decode()
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page), url
        assert not re.search(r"<script(?![^>]*\s(src|type=\"application/(ld\+)?json\"))", page), url
        assert not re.search(r"<img(?![^>]*\salt=)", page), url
        assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"], url
        assert "bootstrap" not in page.lower(), url
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
        assert all(after - before <= 1 for before, after in pairwise(levels)), (url, levels)


# --- 9 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_9_what_the_house_sets_holds_at_once_and_mails_go_through_our_outbox(client: Client) -> None:
    idea = make_idea(Status.KEPT)
    for moderation, state in (("before", "held"), ("after", "public"), ("before", "held")):
        make.rules(moderation=moderation)
        made = actions.write(idea, "Ein Satz", make.author(make.person()))
        assert made is not None
        assert made.state == state
    ours = [*ROOT.glob("participation/**/*.py"), *ROOT.glob("ideas/**/*.py"), *ROOT.glob("site/[!c]*/**/*.py")]
    for path in ours:
        text = re.sub(r'"django_comments(_xtd)?\.templatetags"', "", path.read_text())
        assert "COMMENTS_XTD" not in text, path
        if "migrations" not in path.parts:
            assert not re.search(r"django_comments(_xtd)?(\.(?!models\b)|\s+import)", text), path
    assert settings.COMMENTS_XTD_THREADED_EMAILS is False


# --- 10 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_10_every_mail_about_an_answer_says_how_to_stop_them_in_its_head(client: Client) -> None:
    first = make.comment(by=make.guest("wartet@example.org"), followup=True)
    make.comment(reply_to=first)
    outbox.drain()
    [message] = [each for each in mail.outbox if each.to == ["wartet@example.org"]]
    link = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link.startswith(settings.BASE_URL)
    assert link in message.body
    path = link.removeprefix(settings.BASE_URL)
    assert client.get(path).status_code == 200
    assert Comment.objects.get(pk=first.pk).followup, "opening it stops nothing: programs open links"
    assert Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"}).status_code in (200, 302)
    assert not Comment.objects.get(pk=first.pk).followup


@pytest.mark.django_db
def test_10_after_an_account_is_deleted_nothing_in_the_rows_says_who_it_was() -> None:
    user = UserFactory(
        email=ADDRESS, display_name="Adelheid Unverwechselbar", first_name="Adelheid", last_name="Unverwechselbar"
    )
    comment = make.comment(by=contact_of_user(user), text="Ein Satz ohne Namen")
    reported = make.comment()
    actions.report(reported, Ground.OTHER, contact=contact_of_user(user), text="Grob")
    actions.edit(comment, "Ein anderer Satz", contact_of_user(user))
    user.delete()
    comment.refresh_from_db()
    assert (comment.user, comment.contact, comment.user_name, comment.user_email, comment.user_url, comment.ip_address) == (
        None, None, "", "", "", None,
    )  # fmt: skip
    assert comment.author_name == ""
    assert Report.objects.get().contact is None
    for table in ("participation_comment", "django_comments", "django_comments_xtd_xtdcomment", "participation_commentversion",
                  "participation_commentstep", "participation_report"):  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            rows = repr(cursor.fetchall())
        for word in (ADDRESS, "Unverwechselbar", "Adelheid"):
            assert word not in rows, table


@pytest.mark.django_db
def test_10_no_row_ever_holds_an_address_of_the_network() -> None:
    make.comment(by=make.guest())
    fields = [f for f in Comment._meta.get_fields() if isinstance(f, CharField | TextField | GenericIPAddressField)]
    values = Comment.objects.values_list(*(field.name for field in fields)).get()
    assert not any(re.search(r"\d+\.\d+\.\d+\.\d+|@", str(value)) for value in values), values


# --- 11 ---------------------------------------------------------------------------------------------------------------


def in_a_process_of_its_own(expression: str, *options: str) -> str:
    """The site as it starts, with its addresses and its first template; what the expression says then."""
    code = (
        "import sys; sys.path[:0] = ['.', 'site']; import django; django.setup(); import config.urls;"
        " from django.template.loader import get_template; get_template('404.html');"
        " from django.urls import get_resolver; get_resolver().url_patterns;"
        f" print({expression})"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    done = subprocess.run(
        [sys.executable, *options, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_11_our_site_starts_without_a_warning_about_django_6() -> None:
    assert in_a_process_of_its_own("'started'", "-W", "error::DeprecationWarning") == "started\n"


# --- 12 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_12_an_answer_points_at_a_row_that_exists_and_keeps_its_place(client: Client) -> None:
    """That answers at the same moment get places of their own shows test_comment_races.py."""
    first = make.comment()
    with connection.cursor() as cursor:
        related = connection.introspection.get_relations(cursor, "participation_comment")
    assert related["reply_to_id"][1] == "participation_comment"
    assert related["discussion_id"][1] == "participation_discussion"
    replies = [make.comment(reply_to=first) for _ in range(3)]
    paths = [Comment.objects.get(pk=each.pk).path for each in replies]
    actions.delete_own(replies[0], replies[0].contact)
    make.comment(reply_to=first)
    assert [Comment.objects.get(pk=each.pk).path for each in replies] == paths
    assert paths == sorted(paths)
    assert all(path.startswith(first.path) for path in paths)
    token = comment_mails.tokens.derive("comment.stop", str(uuid.uuid4()))
    assert client.get(reverse("comment_stop", args=[first.pk, token])).status_code == 404
