"""What holds for every answer: which may be cached, what a browser may load, and input that nobody types."""

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import path

import config.urls
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PUBLIC, PRIVATE = "public, max-age=0, must-revalidate", "private, no-store"
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("gleich für alle")


def with_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def with_session(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = True
    return HttpResponse("für Sie")


def says_so_itself(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Bild", headers={"Cache-Control": "public, max-age=3600"})


def asked(request: HttpRequest) -> HttpResponse:
    return HttpResponse(repr([request.GET.dict(), request.user.is_authenticated]))


urlpatterns = [
    path("t/plain", plain),
    path("t/form", with_form),
    path("t/session", with_session),
    path("t/own", says_so_itself),
    path("t/asked", asked),
    path("administration/", plain),
    path("t/admin/", plain),
    *config.urls.urlpatterns,
]


@pytest.fixture(autouse=True)
def _addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def policy(response: Any) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("path", ["documents/geheim.txt", "/documents/geheim.txt", "images/../documents/geheim.txt"])
def test_a_document_leaves_the_house_only_through_the_view_that_asks_who_may_read_it(
    client: Client, settings: Any, tmp_path: Path, path: str
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    for name in ("documents/geheim.txt", "images/bild.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("Inhalt")
    assert client.get("/media/images/bild.txt").status_code == 200
    assert client.get(f"/media/{path}").status_code == 404


# --- caching ----------------------------------------------------------------------------------------------------------


def test_a_page_that_is_the_same_for_all_may_be_kept_and_asked_for_again(client: Client) -> None:
    answer = client.get("/t/plain")
    assert answer.headers["Cache-Control"] == PUBLIC
    assert "Cookie" in answer.headers["Vary"]
    assert not answer.cookies
    again = client.get("/t/plain", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, PUBLIC)


def test_a_page_for_somebody_who_is_signed_in_is_never_kept(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get("/t/plain").headers["Cache-Control"] == PRIVATE


def test_an_answer_that_sets_a_cookie_is_never_kept(client: Client) -> None:
    assert client.get("/t/session").headers["Cache-Control"] == PRIVATE


def test_a_page_with_a_form_is_never_kept_neither_at_the_first_nor_at_the_second_visit(client: Client) -> None:
    assert [client.get("/t/form").headers["Cache-Control"] for _ in range(2)] == [PRIVATE, PRIVATE]


def test_a_mistake_of_the_server_or_an_answer_to_a_form_is_never_kept(client: Client) -> None:
    assert client.post("/t/plain").headers["Cache-Control"] == PRIVATE
    assert client.get("/t/plain%00").headers["Cache-Control"] == PRIVATE


def test_an_answer_that_says_how_long_it_may_be_kept_is_left_alone(client: Client) -> None:
    assert client.get("/t/own").headers["Cache-Control"] == "public, max-age=3600"


# --- what a browser may load ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/t/plain", "/administration/", "/t/admin/", "/gibt-es-nicht/", "/ideen/", "/t/plain%00", "/admin%00"]
)
def test_public_pages_run_no_code_but_our_own(client: Client, address: str) -> None:
    answer = client.get(address)
    found = policy(answer)
    assert {name: found[name] for name in STRICT} == STRICT
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_only_the_staff_area_lets_wagtails_own_scripts_run(client: Client) -> None:
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    found = policy(client.get("/admin/"))
    assert found["script-src"] == "'self' 'unsafe-inline'"
    assert "unsafe-eval" not in str(found)
    assert (found["default-src"], found["object-src"], found["base-uri"]) == ("'none'", "'none'", "'self'")
    assert policy(client.get("/t/plain"))["script-src"] == "'self'", "and nothing of it stays"


def test_no_page_may_be_framed_by_others_or_guess_a_type(client: Client) -> None:
    headers = client.get("/t/plain").headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


# --- input that nobody types ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/%00", "/ideen/%00/", "/suche%00/", "/admin/%00/", "/media/%00", "/konto/%00"])
def test_a_nul_in_the_address_is_answered_with_a_page(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in {400, 404}
    assert "<html" in answer.content.decode()


def test_a_nul_in_a_question_is_left_out_and_the_rest_is_kept(client: Client) -> None:
    assert client.get("/t/asked?q=a%00b&%00x=1&y=2").content.decode() == "[{'q': 'ab', 'x': '1', 'y': '2'}, False]"


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ED%A0%80", "q=%FF%FE", "q=a%00", "seite=99999999999999999999", "status=%00", "%00=%00"]
)
def test_no_question_breaks_the_list_of_ideas_or_the_search(client: Client, query: str) -> None:
    for address in ("/ideen/", "/suche/"):
        assert client.get(f"{address}?{query}").status_code in {200, 302, 404}, address


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "django_language"])
def test_a_cookie_that_no_browser_sends_breaks_nothing(name: str) -> None:
    # Quoted, a cookie's value may hold any octet: PostgreSQL would be asked for a session with a NUL in its key.
    answer = Client(raise_request_exception=False).get("/t/asked", headers={"Cookie": f'{name}="abcdefgh\\000ijklmnop"'})
    assert answer.status_code == 200, answer.status_code
