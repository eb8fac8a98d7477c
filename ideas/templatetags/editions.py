"""An old text speaks in the words of its time."""

from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from pages import words

register = template.Library()


class InWords(template.Node):
    def __init__(self, vocabulary: FilterExpression, nodelist: NodeList) -> None:
        self.vocabulary, self.nodelist = vocabulary, nodelist

    def render(self, context: Any) -> Any:
        with words.spoken(self.vocabulary.resolve(context)):
            return self.nodelist.render(context)


@register.tag
def inwords(parser: Parser, token: Token) -> InWords:
    """{% inwords vocabulary %} … {% endinwords %}: in between, {% word %} and states speak with the vocabulary."""
    _name, vocabulary = token.split_contents()
    nodelist = parser.parse(("endinwords",))
    parser.delete_first_token()
    return InWords(parser.compile_filter(vocabulary), nodelist)


@register.simple_tag
def frozen_lang() -> SafeString | str:
    """<p {% frozen_lang %}>: frozen texts are German, whatever language the page around them speaks."""
    return "" if get_language() == settings.LANGUAGE_CODE else format_html('lang="{}"', settings.LANGUAGE_CODE)
