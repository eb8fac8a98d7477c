"""Until now the day on which an answer is due was counted at each reading: 28 days from the step into the status."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

DAYS = 28


def write_due_dates(apps, schema_editor):
    ideas = apps.get_model("ideas", "Idea").objects.using(schema_editor.connection.alias)
    rows = list(ideas.filter(status__in=["submitted", "in_review"]).only("pk", "status_since"))
    for idea in rows:
        idea.answer_due = timezone.localdate(idea.status_since + timedelta(days=DAYS))
    ideas.bulk_update(rows, ["answer_due"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("ideas", "0003_the_pipeline_in_full")]
    operations = [migrations.RunPython(write_due_dates, migrations.RunPython.noop)]
