"""Uploaded tables and a log of exports; pictures get a name for addresses and exports that is no key of the database."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import ideas.models.exchange
from django.conf import settings
from django.db import migrations, models


def name_pictures(apps, schema_editor):
    pictures = apps.get_model("ideas", "IdeaPicture").objects.using(schema_editor.connection.alias)
    rows = list(pictures.only("pk"))
    for picture in rows:
        picture.key = uuid.uuid4()
    pictures.bulk_update(rows, ["key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("ideas", "0006_schemes_to_review_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("ideapicture", "key", models.UUIDField(editable=False, null=True)),
        migrations.RunPython(name_pictures, migrations.RunPython.noop),
        migrations.AlterField("ideapicture", "key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
        migrations.CreateModel(
            name="ExchangeJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("ideas", "Ideen einlesen"), ("measures", "Maßnahmen einlesen"), ("export", "Öffentliche Daten geholt"), ("export_staff", "Interne Daten geholt")], max_length=15)),
                ("state", models.CharField(choices=[("uploaded", "hochgeladen"), ("waiting", "wartet"), ("running", "läuft"), ("done", "fertig"), ("failed", "nicht eingelesen")], default="uploaded", max_length=10)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("file", models.FileField(blank=True, storage=ideas.models.exchange._storage, upload_to=ideas.models.exchange._file_name)),
                ("file_name", models.CharField(blank=True, max_length=100)),
                ("mapping", models.JSONField(blank=True, default=dict)),
                ("total", models.PositiveIntegerField(default=0)),
                ("report", models.JSONField(blank=True, default=dict)),
                ("created_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"verbose_name": "Austausch", "ordering": ("-created_at", "-pk")},
        ),
    ]
