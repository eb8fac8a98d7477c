"""Values and assessments become children of their indicator, so that the back office edits them in place. No column changes."""

import django.db.models.deletion
import modelcluster.fields
from django.db import migrations


def _parent(name: str) -> modelcluster.fields.ParentalKey:
    return modelcluster.fields.ParentalKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=name, to="ideas.indicator"
    )


class Migration(migrations.Migration):
    dependencies = [("ideas", "0008_editions_monitoring_kinds_and_events")]

    operations = [
        migrations.AlterField(model_name="assessment", name="indicator", field=_parent("assessments")),
        migrations.AlterField(model_name="indicatorvalue", name="indicator", field=_parent("values")),
    ]
