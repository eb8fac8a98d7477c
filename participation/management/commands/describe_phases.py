"""Writes docs/wettbewerb-phasen.md from the table in participation/phases.py."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from ...phases import ALLOWED, Deed, Moment, Phase

FILE = settings.BASE_DIR / "docs" / "wettbewerb-phasen.md"
DEEDS = {
    Deed.PLAN: ("Ablauf und Regeln festlegen", "Leitung", "nicht mehr nach der Veröffentlichung des Ergebnisses; vor der ersten Veröffentlichung der Seite jederzeit"),
    Deed.HAND_IN: ("Idee einreichen", "alle", ""),
    Deed.PROPOSE: ("Idee des Ideenspeichers vorschlagen", "wer sie eingereicht hat; Leitung", "jede Idee einmal je Wettbewerb"),
    Deed.TAKE_IN: ("Beitrag aufnehmen", "Leitung", "nicht mehr, wenn Abstimmung oder Jury begonnen haben"),
    Deed.TAKE_OUT: ("Beitrag ablehnen oder herausnehmen", "Leitung", "mit öffentlichem Grund; nicht mehr nach der Veröffentlichung des Ergebnisses"),
    Deed.VOTE: ("Abstimmen, Stimme ändern und zurückziehen", "wer nach den Regeln abstimmen darf", "nicht mehr, wenn geschlossen ist"),
    Deed.APPOINT: ("Jury berufen", "Leitung", "nicht mehr, wenn die Jury fertig oder ausgezählt ist"),
    Deed.SCORE: ("Bewerten", "Jury dieses Wettbewerbs", "nicht die eigene Idee; Abgegebenes bleibt"),
    Deed.EXTEND: ("Laufende Phase verlängern", "Leitung", "mit öffentlichem Hinweis"),
    Deed.QUARANTINE: ("Stimmzettel unter Quarantäne stellen", "Leitung", "mit Grund; erst ab Beginn der Abstimmung, nicht mehr nach der Veröffentlichung des Ergebnisses"),
    Deed.CLOSE: ("Abstimmung schließen", "Leitung", "erst nach dem Ende der Abstimmung"),
    Deed.COUNT: ("Auszählen", "Leitung", "erst nach dem Schließen und nach dem Ende der Jury"),
    Deed.PUBLISH: ("Ergebnis veröffentlichen", "Leitung, aber nicht, wer ausgezählt hat", "erst nach dem Auszählen"),
}  # fmt: skip
OUTSIDE = {
    Moment.UNPLANNED: "ohne Termine",
    Moment.BEFORE: "davor",
    Moment.PAUSE: "Pause",
    Moment.AFTER: "danach",
}


def text() -> str:
    """The whole document, in German."""
    with translation.override("de"):
        moments = [_label(moment) for moment in Moment]
        lines = [
            "# Was in welcher Phase eines Wettbewerbs geht",
            "",
            "Erzeugt aus `participation/phases.py` mit `manage.py describe_phases`. Nicht von Hand ändern.",
            "",
            "Eine Phase dauert von ihrem Beginn bis unmittelbar vor ihrem Ende, in der Uhrzeit in Deutschland. Jede kann entfallen,",
            "zwischen zweien kann eine Pause liegen. Ein ● heißt: Das geht dann grundsätzlich. Wer es darf und was außerdem",
            "gelten muss, steht darunter.",
            "",
            f"| | {' | '.join(moments)} |",
            f"|---|{'|'.join(':-:' for _each in moments)}|",
            *(_row(deed) for deed in Deed),
            "",
            "| | Bezeichner | wer | außerdem |",
            "|---|---|---|---|",
            *(f"| {name} | `{deed.value}` | {who} | {more or '–'} |" for deed, (name, who, more) in DEEDS.items()),
        ]
    return "\n".join(lines) + "\n"


def _label(moment: Moment) -> str:
    return OUTSIDE[moment] if moment in OUTSIDE else str(Phase(moment.value).label)


def _row(deed: Deed) -> str:
    marks = ("●" if moment in ALLOWED[deed] else " " for moment in Moment)
    return f"| {DEEDS[deed][0]} | {' | '.join(marks)} |"


class Command(BaseCommand):
    help = "Schreibt docs/wettbewerb-phasen.md aus der Tabelle der Phasen; mit --check wird nur verglichen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if not FILE.exists() or FILE.read_text() != text():
                raise CommandError("docs/wettbewerb-phasen.md ist veraltet: manage.py describe_phases")
            return
        FILE.write_text(text())
