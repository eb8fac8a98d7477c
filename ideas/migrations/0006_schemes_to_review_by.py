"""The two schemes that come with the house: MYK10, by which a new review begins, and Mainz, which waits to be switched on."""

from django.db import migrations, models

# Stages and criteria are the two agendas' own; they name no scale and no weights, so these are ours and can be changed by the lead.
SCHEMES = [
    {
        "name": "MYK10",
        "slug": "myk10",
        "result_name": "Erste Bewertung",
        "is_active": True,
        "description": "So prüfen wir Ideen für die Digitale Agenda: Zuerst klären wir, ob eine Idee passt, machbar ist und gefördert "
        "werden kann. Was diese Stufe besteht, bewerten wir danach zum ersten Mal.",
        "stage_one": [
            ("passung", "Passt zu Strategie und Lösungen", "Hilft die Idee einem Ziel der Agenda, und lässt sie sich einer Lösung zuordnen?"),
            ("machbarkeit", "Technisch machbar", "Können wir die Idee mit Technik umsetzen, die es heute gibt und die wir betreiben können?"),
            ("foerderung", "Förderfähig", "Dürfen wir die Idee aus dem Programm „Modellprojekte Smart Cities“ bezahlen?"),
        ],
        "stage_two": [
            (
                "modellhaftigkeit", "Modellhaftigkeit", "Kann die Idee anderen als Beispiel dienen?", 1,
                ["Nur ein Einzelfall", "Einzelne Teile sind beispielhaft", "Im Ganzen ein gutes Beispiel", "Ein Vorbild, das andere sehen wollen"],
            ),
            (
                "uebertragbarkeit", "Übertragbarkeit", "Lässt sich die Idee an anderen Orten des Landkreises oder darüber hinaus nutzen?", 1,
                ["An diesen Ort gebunden", "Mit viel Aufwand übertragbar", "Mit wenig Aufwand übertragbar", "Überall ohne Änderung nutzbar"],
            ),
            (
                "innovationsgrad", "Innovationsgrad", "Wie neu ist die Idee für unsere Region?", 1,
                ["Gibt es hier schon", "Verbessert etwas, das es gibt", "Neu für die Region", "Auch anderswo kaum erprobt"],
            ),
        ],
    },
    {
        "name": "Mainz",
        "slug": "mainz",
        "result_name": "Priorität",
        "is_active": False,
        "description": "Zuerst müssen alle fünf Grundkriterien erfüllt sein. Danach bewerten wir den Reifegrad: Je höher er ist, desto "
        "eher kommt ein Vorhaben an die Reihe.",
        "stage_one": [
            ("digitalisierung", "Digitalisierungsbezug", "Stützt sich das Vorhaben auf digitale Technik?"),
            ("leitlinien", "Leitlinien", "Handeln die Beteiligten nach den Leitlinien der Strategie, und dient das Ziel ihnen?"),
            ("handlungsbedarfe", "Handlungsbedarfe", "Deckt das Vorhaben einen Bedarf in mindestens einem Handlungsfeld?"),
            ("nutzen", "Nutzen", "Haben die Menschen in der Stadt oder die städtischen Einrichtungen etwas davon, direkt oder auf einem Umweg?"),
            ("vernetzung", "Vernetzung", "Arbeiten mehrere Fachbereiche oder städtische Gesellschaften daran mit?"),
        ],
        "stage_two": [
            (
                "grad_vernetzung", "Grad der Vernetzung", "Wie eng arbeiten Fachbereiche und städtische Gesellschaften zusammen?", 1,
                ["Ein Bereich für sich", "Zwei Bereiche stimmen sich ab", "Mehrere Bereiche arbeiten zusammen", "Der ganze Konzern Stadt ist beteiligt"],
            ),
            (
                "grad_wirkung", "Grad der Innen- und Außenwirkung", "Wie stark wirkt das Vorhaben in die Verwaltung oder in die Stadt hinein?", 2,
                ["Kaum spürbar", "Spürbar für wenige", "Spürbar für viele", "Spürbar für die ganze Stadt oder Verwaltung"],
            ),
            (
                "grad_kompetenz", "Grad des Kompetenzaufbaus", "Wie viel lernen Einwohnerschaft oder Beschäftigte dabei für den Umgang mit Digitalem?", 1,
                ["Nichts Neues", "Einzelne lernen dazu", "Viele lernen dazu", "Lernen ist das Ziel des Vorhabens"],
            ),
            (
                "grad_synergien", "Grad der Synergien", "Wie gut verbindet sich das Vorhaben mit anderen, die laufen oder geplant sind?", 1,
                ["Steht für sich", "Nutzt ein anderes Vorhaben", "Mehrere Vorhaben nutzen einander", "Andere Vorhaben bauen darauf auf"],
            ),
        ],
    },
]  # fmt: skip
LABELS = ["gering", "mittel", "hoch", "sehr hoch"]


def add_schemes(apps, schema_editor):
    using = schema_editor.connection.alias
    schemes, versions, criteria, settings = (
        apps.get_model("ideas", name).objects.using(using)
        for name in ("ReviewScheme", "SchemeVersion", "Criterion", "ReviewSettings")
    )
    for data in SCHEMES:
        if schemes.filter(slug=data["slug"]).exists():
            continue
        fields = {key: data[key] for key in ("name", "description", "result_name", "is_active")}
        scheme = schemes.create(slug=data["slug"], **fields)
        version = versions.create(scheme=scheme, number=1)
        for position, (key, name, question) in enumerate(data["stage_one"], start=1):
            criteria.create(version=version, stage=1, position=position, key=key, name=name, question=question, kind="yes_no")
        for position, (key, name, question, weight, texts) in enumerate(data["stage_two"], start=1):
            steps = [
                {"value": value, "label": label, "description": text}
                for value, (label, text) in enumerate(zip(LABELS, texts, strict=True))
            ]
            criteria.create(
                version=version, stage=2, position=position, key=key, name=name, question=question, kind="scale",
                weight=weight, steps=steps,
            )  # fmt: skip
    if not settings.exists():
        settings.create()
    settings.filter(scheme=None).update(scheme=schemes.get(slug="myk10"))


class Migration(migrations.Migration):
    dependencies = [("ideas", "0005_receipts_asked_for_again")]
    operations = [
        migrations.AddField(
            "reviewscheme",
            "result_name",
            models.CharField(
                default="Bewertung", help_text="Zum Beispiel: Priorität", max_length=40, verbose_name="Was die 2. Stufe ergibt"
            ),
        ),
        migrations.RunPython(add_schemes, migrations.RunPython.noop),
    ]
