"""Template tags that draw: no domain knowledge, no database."""

from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..addresses import split_language

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
