"""What Wagtail's log calls the steps of the office that are nobody else's business: who sits in a jury (actions/jury.py)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

STEPS = (
    ("participation.jury.appoint", _("In die Jury berufen"), _("In die Jury berufen")),
    ("participation.jury.dismiss", _("Aus der Jury nehmen"), _("Aus der Jury genommen")),
)


@hooks.register("register_log_actions")
def jury_steps(log_actions: Any) -> None:
    for name, button, done in STEPS:
        log_actions.register_action(name, button, done)
