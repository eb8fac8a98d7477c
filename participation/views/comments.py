"""Reading comments: all of one thing, and the permalink of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.pagination import CountedPaginator, page_urls

from ..discussions import find, subject_of
from ..models import Comment
from ..threads import PER_PAGE, anchor, in_order, page_of, rows_of, talk_about

OLDEST, NEWEST = "aelteste", "neueste"
SORTS = {OLDEST: _("Älteste zuerst"), NEWEST: _("Neueste zuerst")}


@require_safe
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """/kommentare/<pk>/: leads to where the comment stands now. What was never shown has no place."""
    listed = Comment.objects.listed().select_related("discussion__idea__merged_root", "discussion__measure", "discussion__page")
    found: Comment = get_object_or_404(listed, pk=pk)
    about = subject_of(found.discussion)
    subject = find(request.user, about.kind, about.key)
    number = page_of(found, subject)
    query = f"?seite={number}" if number > 1 else ""
    return redirect(f"{subject.comments_url}{query}#{anchor(pk)}")


@require_safe
def discussion(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """/kommentare/<kind>/<key>/: all comments on one thing, in threads."""
    subject = find(request.user, kind, key)
    if subject.key != key:
        return redirect(subject.comments_url)  # of an idea that became part of another one, of a translation
    talk = talk_about(subject)
    sort = request.GET.get("sortiert", "")
    sort = sort if sort in SORTS else OLDEST
    comments = in_order(talk, newest_first=sort == NEWEST)
    page = CountedPaginator(comments, PER_PAGE, count=talk.listed).get_page(request.GET.get("seite"))
    context = {
        "subject": subject.in_own_words(),
        "talk": talk,
        "page_number": page.number,
        "rows": rows_of(talk, page, request.user),
        "page_urls": page_urls(request, page),
        "sorts": [{"label": label, "value": value, "current": value == sort} for value, label in SORTS.items()],
        "is_first": page.number == 1 and sort == OLDEST,
    }
    return render(request, "participation/comments.html", context)
