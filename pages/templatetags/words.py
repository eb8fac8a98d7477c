"""The region's own words in templates. Built in: no {% load %} needed."""

from django import template

from ..words import words

register = template.Library()


@register.simple_tag
def word(form: str) -> str:
    """{% word "this dat loesung" %} or, for a sentence, {% word "pl massnahme" as measures %}.

    A capital first letter of the form gives a capital one: {% word "This loesung" %}.
    """
    return words[form]
