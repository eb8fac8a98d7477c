"""Template tags that draw: no domain knowledge, no database."""

from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .. import structured
from ..addresses import in_language, split_language

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A sign from static/img/icons.svg. Decorative, unless `label` says what it means to a screen reader."""
    href = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


@register.simple_tag(takes_context=True)
def current_if_under(context: dict[str, Any], path: str) -> SafeString | str:
    """aria-current for a menu entry: "page" on the page itself, "true" below it."""
    request = context.get("request")
    here = split_language(request.path)[1] if request else ""
    if here == path:
        return SafeString('aria-current="page"')
    return SafeString('aria-current="true"') if here.startswith(path) and path != "/" else ""


@register.inclusion_tag("components/breadcrumbs.html")
def crumbs(*steps: Any, here: str, own: bool = False) -> dict[str, Any]:
    """{% crumbs _("Ideen") "/ideen/" here=title %}: what leads to a page, title by title with its address, and the page's name.

    An address without a language leads on in the reader's. A thing whose title people wrote, such as a page, is a step by
    itself; None is no step. `own`: people wrote `here`.
    """
    found: list[dict[str, Any]] = []
    left = iter(steps)
    for step in left:
        if isinstance(step, str | Promise):
            found.append({"title": str(step), "url": _read_here(str(next(left)))})
        elif step is not None:
            url = getattr(step, "url", None) or step.get_absolute_url()
            found.append({"title": step.title, "url": url, "own": step})
    return {"crumbs": found, "here": here, "own": own}


def _read_here(url: str) -> str:
    return in_language(url) if split_language(url)[1] == url else url


@register.simple_tag(takes_context=True)
def breadcrumb_data(context: dict[str, Any]) -> SafeString:
    """`crumbs` and `here` of components/breadcrumbs.html as data for search engines, with the home page in front."""
    home = {"title": _("Start"), "url": in_language("/")}
    return structured.block(structured.breadcrumbs([home, *(context.get("crumbs") or [])], str(context["here"])))


@register.simple_tag
def data_block(data: dict[str, Any]) -> SafeString:
    """Data for search engines about what the page shows."""
    return structured.block(data)


class _Keep(template.Node):
    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: template.Context) -> SafeString:
        text: SafeString = self.nodelist.render(context)
        context[self.name] = mark_safe(" ".join(text.split()).replace('"', "&quot;"))  # noqa: S308  # nosec B308 B703 - rendered, so escaped
        return text


@register.tag
def keep(parser: template.base.Parser, token: template.base.Token) -> _Keep:
    """{% keep as name %}…{% endkeep %}: shows what stands between, and keeps it to be shown again, in an attribute too."""
    _tag, _as, name = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return _Keep(nodelist, name)


@register.simple_tag
def widget_kind(field: BoundField) -> str:
    """checkbox, options (radio buttons or checkboxes), select, textarea, file or input."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "options"
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, Textarea):
        return "textarea"
    return "file" if widget.needs_multipart_form else "input"


_CLASSES = {
    "checkbox": "kern-form-check__checkbox",
    "select": "kern-form-input__select",
    "options": "",
}


@register.simple_tag
def widget(field: BoundField, kind: str, described_by: str = "") -> SafeString:
    """The field's control with KERN's classes, tied to its hint and its error."""
    ids = [described_by] if described_by else []
    if field.help_text:
        ids.append(f"{field.auto_id}_hint")
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    css = _CLASSES.get(kind, "kern-form-input__input")
    attrs: dict[str, Any] = {"class": " ".join(filter(None, [field.field.widget.attrs.get("class"), css]))}
    if ids:
        attrs["aria-describedby"] = " ".join(ids)
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)
