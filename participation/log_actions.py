"""What Wagtail's log calls the steps of the office that are nobody else's business: who sits in a jury (actions/jury.py), what
was done with a survey (actions/surveys.py)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

STEPS = (
    ("participation.jury.appoint", _("In die Jury berufen"), _("In die Jury berufen")),
    ("participation.jury.dismiss", _("Aus der Jury nehmen"), _("Aus der Jury genommen")),
    ("participation.survey.close", _("Umfrage schließen"), _("Umfrage geschlossen")),
    ("participation.survey.publish_results", _("Ergebnis veröffentlichen"), _("Ergebnis veröffentlicht")),
    ("participation.survey.release_text", _("Freitext freigeben"), _("Freitext freigegeben")),
    ("participation.survey.hold_back_text", _("Freigabe zurücknehmen"), _("Freigabe eines Freitexts zurückgenommen")),
    ("participation.survey.redact_text", _("Freitext entfernen"), _("Freitext entfernt")),
    ("participation.survey.import", _("Umfrage einlesen"), _("Umfrage aus einer Datei eingelesen")),
)


@hooks.register("register_log_actions")
def office_steps(log_actions: Any) -> None:
    for name, button, done in STEPS:
        log_actions.register_action(name, button, done)
