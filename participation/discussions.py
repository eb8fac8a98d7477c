"""On what people comment, how such a thing is named in addresses, and which discussions its page shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from common.text import whole_number
from ideas.models import Idea, Measure
from ideas.voice_links import label_of
from pages.languages import in_own_words, source_of
from pages.models import LoesungPage, NewsPage
from pages.words import words

from .models import Comment, Discussion
from .models.comment import CommentQuerySet

Target: TypeAlias = Idea | Measure | Page
IDEA, MEASURE, PAGE = "idee", "massnahme", "seite"


@dataclass(frozen=True)
class Subject:
    """A thing that people comment on. `page`: whose title that is, where it is an editors' page."""

    target: Any

    @property
    def kind(self) -> str:
        """The word for it in addresses."""
        return IDEA if isinstance(self.target, Idea) else MEASURE if isinstance(self.target, Measure) else PAGE

    @property
    def key(self) -> str:
        """What tells it from others of its kind, in addresses."""
        return str(self.target.number if self.kind == IDEA else self.target.slug if self.kind == MEASURE else self.target.pk)

    @property
    def title(self) -> str:
        return str(self.target.title)

    @property
    def page(self) -> Page | None:
        return self.target if self.kind == PAGE else None

    @property
    def label(self) -> str:
        """What it is called in a sentence beside its title."""
        return _("Neuigkeit") if isinstance(self.target, NewsPage) else label_of(self.target)

    @property
    def url(self) -> str:
        """Its public page."""
        return str(self.target.url if self.kind == PAGE else self.target.get_absolute_url())

    @property
    def list_title(self) -> Any:
        """The list in which it stands; None where the menu leads to it."""
        return {IDEA: _("Ideen"), MEASURE: words["Pl massnahme"]}.get(self.kind)

    @property
    def list_url(self) -> str | None:
        return {IDEA: reverse("idea_list"), MEASURE: reverse("measure_list")}.get(self.kind)

    @property
    def comments_url(self) -> str:
        """All comments on it."""
        return reverse("comments", args=[self.kind, self.key])

    @property
    def write_url(self) -> str:
        return reverse("comment_write", args=[self.kind, self.key])

    def in_own_words(self) -> "Subject":
        """The same with its title and address in the reader's language, where there is such a version."""
        return Subject(in_own_words([self.page]).get(self.page.translation_key, self.page)) if self.page else self


def find(user: Any, kind: str, key: str) -> Subject:
    """The thing that these words of an address name, if this person may see it; of an idea that has become part of another
    one, that one. Raises Http404 otherwise."""
    target: Any = None
    number = whole_number(key)
    if kind == IDEA and number is not None:
        ideas = Idea.objects.visible_to(user).select_related("released_version", "merged_root__released_version")
        idea = ideas.filter(number=number).first()
        target = (idea.merged_root or idea) if idea else None
    elif kind == MEASURE:
        target = Measure.objects.visible_to(user).filter(slug=key).first()
    elif kind == PAGE and number is not None:
        # Any language of it; not what only some people may see.
        same = Page.objects.filter(pk=number).values("translation_key")
        pages = Page.objects.live().public().filter(translation_key__in=same, alias_of=None).order_by("pk").specific()
        page = next((each for each in pages if each.pk == number), next(iter(pages), None))
        target = source_of(page) if isinstance(page, NewsPage | LoesungPage) else None
    if target is None:
        raise Http404
    return Subject(target)


def subject_of(discussion: Discussion) -> Subject:
    """What this discussion is about; an idea that has become part of another one is shown there."""
    if discussion.idea:
        return Subject(discussion.idea.merged_root or discussion.idea)
    return Subject(discussion.measure or (discussion.page.specific if discussion.page else None))


def subjects_of(discussions: Iterable[Discussion]) -> dict[int, Subject]:
    """The same for many discussions, by their keys, in few queries. Select idea, its merged_root, and measure with them."""
    found = {each.pk: each for each in discussions}
    keys = [each.page_id for each in found.values() if each.page_id]
    pages = Page.objects.filter(pk__in=keys).specific().in_bulk() if keys else {}
    return {pk: Subject(pages[each.page_id]) if each.page_id else subject_of(each) for pk, each in found.items()}


def discussion_of(target: Target) -> Discussion:
    """Where a new comment on this thing goes; made when first needed."""
    if isinstance(target, Idea):
        return Discussion.objects.get_or_create(idea=target.merged_root or target)[0]
    if isinstance(target, Measure):
        return Discussion.objects.get_or_create(measure=target)[0]
    return Discussion.objects.get_or_create(page_id=source_of(target).pk)[0]


def discussions_on(target: Target) -> QuerySet[Discussion]:
    """What the page of this thing shows: the discussions of an idea's whole family, that of all languages of a page."""
    if isinstance(target, Idea):
        return Discussion.objects.filter(idea__in=Idea.objects.family_of(Idea(pk=_root_of(target))).values("pk"))
    if isinstance(target, Measure):
        return Discussion.objects.filter(measure=target)
    return Discussion.objects.filter(page__translation_key=target.translation_key)


def closed_for(target: Target) -> QuerySet[Discussion]:
    """The discussion that new comments on this thing would go to, if it is closed."""
    found = discussions_on(target).filter(is_closed=True)
    return found.filter(idea=_root_of(target)) if isinstance(target, Idea) else found


def comments_on(target: Target) -> CommentQuerySet:
    """The comments that the page of this thing shows."""
    return Comment.objects.listed().filter(discussion__in=discussions_on(target).values("pk"))


def _root_of(idea: Idea) -> int:
    return int(idea.merged_root_id or idea.pk)
