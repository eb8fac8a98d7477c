"""The numbers of /fortschritt/ as drawings (ideas/bars.py), each with a sentence above it that says what it shows."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.models import ZielbildPage
from pages.words import words

from . import bars, progress
from .bars import Drawing, Number, Row
from .monitoring import STANDINGS, Standing
from .progress import Stage
from .targets import STANDS, Stand

WAY = ("handed_in", "decided", "kept", "under_way", "done")


def of_measures(tree: Sequence[ZielbildPage]) -> list[Drawing]:
    """Measures by status, and by Zielbild and status; none in an agenda without measures. One query."""
    counts = progress.measures_by_zielbild()
    if not counts:
        return []
    states, rows = progress.measure_states(counts), progress.zielbild_rows(tree, counts)
    by_status = bars.bars(
        "massnahmen-status",
        _("%(Pl_massnahme)s nach Stand") % words,
        _measure_sentence(states),
        [Row(state.label, [state], state.url) for state in states],
        [_("Stand"), words["Pl_massnahme"]],
    )
    head = [words["Zielbild"], *[state.label for state in states]]
    by_zielbild = bars.bars(
        "massnahmen-zielbild",
        _("%(Pl_massnahme)s nach %(zielbild)s und Stand") % words,
        _most(rows),
        rows,
        head,
    )
    return [by_status, *([by_zielbild] if rows else [])]


def _measure_sentence(states: Sequence[Number]) -> str:
    total = sum(state.count for state in states)
    most = max(state.count for state in states)
    names = _quoted(state.label for state in states if state.count == most)
    first = ngettext(
        "Die Agenda nennt %(count)s %(acc_massnahme)s.", "Die Agenda nennt %(count)s %(pl_acc_massnahme)s.", total
    ) % words(count=total)
    return f"{first} " + _("Der häufigste Stand ist %(names)s: %(count)s.") % {"names": names, "count": most}


def _most(rows: Sequence[Row]) -> str:
    """Which Zielbild has the most."""
    if not rows:
        return ""
    most = max(row.total for row in rows)
    top = [row.label for row in rows if row.total == most]
    # Translators: names of one or more Zielbilder, and how many measures each has
    return ngettext(
        "Die meisten %(pl_massnahme)s hat %(names)s: %(count)s.",
        "Die meisten %(pl_massnahme)s haben %(names)s: je %(count)s.",
        len(top),
    ) % words(names=_quoted(top), count=most)


def _quoted(names: Any) -> str:
    return str(get_text_list([_("„%(name)s“") % {"name": name} for name in names], _("und")))


def of_ideas(stages: dict[str, Stage]) -> Drawing | None:
    """The way of ideas; None as long as there is none."""
    if not stages["handed_in"].count:
        return None
    total, done = stages["handed_in"].count, stages["done"].count
    first = ngettext("%(count)s Idee ist veröffentlicht.", "%(count)s Ideen sind veröffentlicht.", total) % {"count": total}
    if done:
        last = ngettext("%(count)s davon ist ganz umgesetzt.", "%(count)s davon sind ganz umgesetzt.", done) % {"count": done}
    else:
        last = _("Ganz umgesetzt ist noch keine.")
    shown = [stages[key] for key in WAY]
    rows = [Row(stage.label, [Number(stage.label, stage.count, stage.url)], stage.url) for stage in shown]
    return bars.bars("weg-der-ideen", _("Der Weg der Ideen"), f"{first} {last}", rows, [_("So weit gekommen"), _("Ideen")])


def of_activity(today: date) -> list[Drawing]:
    """Ideas handed in, decisions and steps of measures by month. Three queries."""
    months = progress.activity(today)
    ideas, decided, steps = months["eingereicht"], months["entscheidungen"], months["massnahmen"]
    numbers = [sum(month.count for month in each) for each in (ideas, decided, steps)]
    sentences = [
        ngettext("%(count)s Idee wurde eingereicht.", "%(count)s Ideen wurden eingereicht.", numbers[0]),
        ngettext("%(count)s Entscheidung ist gefallen.", "%(count)s Entscheidungen sind gefallen.", numbers[1]),
        ngettext("%(count)s Schritt wurde gemacht.", "%(count)s Schritte wurden gemacht.", numbers[2]),
    ]
    titles = [_("Eingereichte Ideen"), _("Entscheidungen über Ideen"), _("Schritte bei %(pl_dat_massnahme)s") % words]
    return [
        bars.columns(
            f"verlauf-{key}",
            title,
            f"{sentence % {'count': number}} {_busiest(each)}".strip(),
            each,
            [_("Monat"), _("Anzahl")],
        )
        for (key, each), title, sentence, number in zip(months.items(), titles, sentences, numbers, strict=True)
    ]


def _busiest(months: Sequence[Number]) -> str:
    """The month with the most, if it is one alone."""
    most = max(month.count for month in months)
    top = [month.label for month in months if month.count == most]
    if not most or len(top) > 1:
        return ""
    return _("Am meisten im %(month)s: %(count)s.") % {"month": top[0], "count": most}


def of_figures(kpis: Sequence[Any]) -> Drawing | None:
    """How many figures stand where; None without figures."""
    if not kpis:
        return None
    total, reached = len(kpis), sum(kpi.stand == Stand.REACHED for kpi in kpis)
    silent = sum(kpi.stand == Stand.NO_VALUE for kpi in kpis)
    sentence = ngettext("%(count)s Kennzahl misst den Erfolg.", "%(count)s Kennzahlen messen den Erfolg.", total) % {
        "count": total
    }
    if reached:
        sentence += " " + ngettext("%(count)s hat ihr Ziel erreicht.", "%(count)s haben ihr Ziel erreicht.", reached) % {
            "count": reached
        }
    else:
        sentence += " " + _("Ihr Ziel erreicht hat noch keine.")
    if silent:
        sentence += " " + ngettext("%(count)s hat noch keinen Wert.", "%(count)s haben noch keinen Wert.", silent) % {
            "count": silent
        }
    states = progress.by_state(kpis, STANDS, "kpis", "stand")
    return _state_bars("kennzahlen", _("Kennzahlen auf dem Weg zum Ziel"), sentence, states, _("Kennzahlen"))


def of_indicators(indicators: Sequence[Any]) -> Drawing | None:
    """How many indicators stand where; None without indicators."""
    if not indicators:
        return None
    off = sum(indicator.standing == Standing.OFF for indicator in indicators)
    total = len(indicators)
    sentence = ngettext(
        "%(count)s Indikator zeigt, ob die Strategie wirkt.", "%(count)s Indikatoren zeigen, ob die Strategie wirkt.", total
    ) % {"count": total}
    if off:
        sentence += " " + ngettext("%(count)s liegt hinter dem Pfad.", "%(count)s liegen hinter dem Pfad.", off) % {
            "count": off
        }
    else:
        sentence += " " + _("Keiner liegt hinter dem Pfad.")
    states = progress.by_state(indicators, STANDINGS, "indicators", "standing")
    return _state_bars("indikatoren", _("Indikatoren auf ihrem Pfad"), sentence, states, _("Indikatoren"))


def _state_bars(key: str, title: str, sentence: str, states: Sequence[Number], what: str) -> Drawing:
    return bars.bars(key, title, sentence, [Row(state.label, [state], state.url) for state in states], [_("Stand"), what])


def of_shares(kpis: Sequence[Any]) -> Drawing | None:
    """The share of the way that each figure with numbers has covered; None where no figure has them."""
    known = [kpi for kpi in kpis if kpi.share is not None]
    if not known:
        return None
    rows = [
        Row(
            kpi.name,
            [Number(kpi.name, kpi.share, f"#kennzahl-{kpi.pk}")],
            f"#kennzahl-{kpi.pk}",
            _("%(share)s %%") % {"share": kpi.share},
        )
        for kpi in known
    ]
    sentence = ngettext(
        "Bei %(count)s Kennzahl stehen Ausgangswert, Ziel und letzter Wert als Zahl fest.",
        "Bei %(count)s Kennzahlen stehen Ausgangswert, Ziel und letzter Wert als Zahl fest.",
        len(known),
    ) % {"count": len(known)}
    head = [_("Kennzahl"), _("Anteil am Weg")]
    return bars.bars("anteile", _("So viel vom Weg bis zum Ziel ist geschafft"), sentence, rows, head, highest=100)
