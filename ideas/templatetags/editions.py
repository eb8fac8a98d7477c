"""An old text speaks in the words of its time."""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token

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
