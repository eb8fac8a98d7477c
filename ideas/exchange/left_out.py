"""What no export holds, each with its reason. A test fails when a field is neither here nor in a table."""

KEY = "Schlüssel dieser Datenbank; Nummern, Kürzel und Adressen sagen dasselbe"
DERIVED = "ergibt sich aus anderen Spalten"
SECRET = "geheim: öffnet einen Link"  # noqa: S105 - a sentence
FILE = "Dateiname dieser Installation; die Dateien liegen in bilder/"
JOB = "Vorgang dieser Installation"

WHOLE_MODELS: dict[str, str] = {
    "NumberCounter": "die höchste Nummer der Ideen sagt dasselbe; der Import hält sie frei",
    "IdeaTag": "steht als Liste bei der Idee",
    "MeasureTag": "steht als Liste bei der Maßnahme",
    "ReviewSettings": "Einstellung dieser Installation",
    "ContactRequest": "unbestätigter Wunsch, verfällt nach sieben Tagen",
    "ReceiptRequest": "zählt Bitten um verlorene Belege, verfällt nach einem Tag",
    "Notice": "wartet auf das nächste Sammelmail, kein Bestand",
    "ExchangeJob": JOB,
    "EditionFile": "wird aus den Daten der Edition gezeichnet",
    "MonitoringSettings": "Einstellung dieser Installation",
}
FIELDS: dict[str, str] = {
    "Idea.released_version": "die Spalte fassung nennt sie",
    "Idea.merged_root": DERIVED,
    "Idea.trail_length": DERIVED,
    "Idea.submission_key": SECRET,
    "IdeaAuthor.receipt_digest": SECRET,
    "IdeaAuthor.confirm_digest": SECRET,
    "IdeaPicture.submission_key": SECRET,
    "IdeaPicture.name": "Dateiname vom Gerät des Absenders",
    "IdeaPicture.file": FILE,
    "IdeaPicture.thumbnail": FILE,
    "TrailEntry.recorded_at": "wann diese Datenbank die Zeile bekam",
    "TrailEntry.text": DERIVED,
    "MeasureEntry.recorded_at": "wann diese Datenbank die Zeile bekam",
    "MeasureEntry.text": DERIVED,
    "Measure.trail_length": DERIVED,
    "Measure.ideas": "steht in der Tabelle verknuepfungen",
    "SchemeVersion.created_by": "eine Person; die Fassung gilt ohne sie",
    "Follow.key": SECRET,
    "Follow.stop_digest": SECRET,
}
