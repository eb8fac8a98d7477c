"""Surveys: questionnaire, answers and who took part; lead and editors make them."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import modelcluster.fields
import uuid
from django.conf import settings
from accounts import setup
from django.db import migrations, models

ACTIONS = ("view", "add", "change", "delete")


def let_them(apps, schema_editor):
    setup.make_permissions_known(apps)
    for role in ("Leitung", "Redaktion"):
        setup.grant(apps, role, [f"participation.{action}_survey" for action in ACTIONS])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_people_who_are_verified_and_addresses_to_prove'),
        ('participation', '0003_comments_and_moderation'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='Titel')),
                ('slug', models.SlugField(help_text='Das Ende der Adresse, zum Beispiel: bus-und-rad', max_length=80, unique=True, verbose_name='Adresse')),
                ('language', models.CharField(choices=[('de', 'Deutsch'), ('en', 'English')], default='de', max_length=8, verbose_name='Sprache der Fragen')),
                ('intro', models.TextField(help_text='Worum es geht, wen Sie fragen und was mit den Antworten geschieht.', max_length=1500, verbose_name='Einleitung')),
                ('thanks', models.TextField(blank=True, help_text='Steht auf der Seite nach dem Absenden. Leer: ein kurzes Danke.', max_length=600, verbose_name='Dank')),
                ('mode', models.CharField(choices=[('anonymous', 'ohne Anmeldung, ganz anonym'), ('account', 'mit Konto: jede Person einmal')], default='anonymous', max_length=10, verbose_name='Wer mitmachen kann')),
                ('starts_at', models.DateTimeField(verbose_name='Beginn')),
                ('ends_at', models.DateTimeField(verbose_name='Ende')),
                ('is_published', models.BooleanField(default=False, help_text='Ohne Haken bleibt die Umfrage ein Entwurf, den nur das Team sieht.', verbose_name='Veröffentlicht')),
                ('results_visibility', models.CharField(choices=[('after_close', 'sobald die Umfrage zu Ende ist'), ('published', 'erst, wenn wir es veröffentlichen')], default='after_close', max_length=12, verbose_name='Ergebnis zeigen')),
                ('outcome', models.TextField(blank=True, help_text='Steht beim Ergebnis und unter „Beteiligung“, sobald die Umfrage zu Ende ist.', max_length=1500, verbose_name='Was daraus wurde')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Geschlossen am')),
                ('results_published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Ergebnis veröffentlicht am')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('closed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'Umfrage',
                'verbose_name_plural': 'Umfragen',
                'ordering': ('-starts_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='SurveyParticipation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person_key', models.CharField(max_length=64)),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.contact')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='participation.survey')),
            ],
            options={
                'verbose_name': 'Teilnahme',
                'verbose_name_plural': 'Teilnahmen',
            },
        ),
        migrations.CreateModel(
            name='SurveyQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('kind', models.CharField(choices=[('choice', 'Auswahl: eine Antwort'), ('multiple', 'Auswahl: mehrere Antworten'), ('scale', 'Skala: von … bis …'), ('text', 'Freitext')], default='choice', max_length=10, verbose_name='Art')),
                ('text', models.CharField(max_length=300, verbose_name='Frage')),
                ('help', models.CharField(blank=True, max_length=300, verbose_name='Hinweis')),
                ('is_required', models.BooleanField(default=False, verbose_name='Pflichtfrage')),
                ('allows_other', models.BooleanField(default=False, help_text='Nur bei einer Auswahl: eine letzte Antwort zum Ausfüllen.', verbose_name='„Sonstiges“ als freier Text')),
                ('most_choices', models.PositiveSmallIntegerField(blank=True, help_text='Nur bei mehreren Antworten. Leer: so viele man will.', null=True, validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(50)], verbose_name='Höchstens wie viele Antworten')),
                ('steps', models.PositiveSmallIntegerField(default=5, help_text='Nur bei einer Skala: 3 bis 7.', validators=[django.core.validators.MinValueValidator(3), django.core.validators.MaxValueValidator(7)], verbose_name='Stufen der Skala')),
                ('low_label', models.CharField(blank=True, max_length=60, verbose_name='Skala: 1 heißt')),
                ('high_label', models.CharField(blank=True, max_length=60, verbose_name='Skala: die höchste Stufe heißt')),
                ('survey', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='participation.survey')),
            ],
            options={
                'verbose_name': 'Frage',
                'verbose_name_plural': 'Fragen',
                'ordering': ('sort_order', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='SurveyOption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('text', models.CharField(max_length=200, verbose_name='Antwort')),
                ('question', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='options', to='participation.surveyquestion')),
            ],
            options={
                'verbose_name': 'Antwort zur Auswahl',
                'verbose_name_plural': 'Antworten zur Auswahl',
                'ordering': ('sort_order', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='SurveyResponse',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('answered_on', models.DateField(verbose_name='Tag')),
                ('submission_key', models.UUIDField(blank=True, null=True)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='participation.survey')),
            ],
            options={
                'verbose_name': 'Ausgefüllter Fragebogen',
                'verbose_name_plural': 'Ausgefüllte Fragebögen',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='SurveyAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('value', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('text', models.TextField(blank=True)),
                ('is_redacted', models.BooleanField(default=False)),
                ('option', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='participation.surveyoption')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='participation.surveyquestion')),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='participation.surveyresponse')),
            ],
            options={
                'verbose_name': 'Antwort',
                'verbose_name_plural': 'Antworten',
                'ordering': ('response', 'question', 'option'),
            },
        ),
        migrations.CreateModel(
            name='SurveyTextDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('released', 'freigegeben'), ('redacted', 'entfernt')], max_length=8)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='Grund')),
                ('decided_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='participation.surveyanswer')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'Entscheidung über einen Freitext',
                'verbose_name_plural': 'Entscheidungen über Freitexte',
            },
        ),
        migrations.AddConstraint(
            model_name='survey',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='a_survey_ends_after_its_begin', violation_error_message='Das Ende liegt nicht nach dem Beginn. Bitte prüfen Sie die beiden Angaben.'),
        ),
        migrations.AddConstraint(
            model_name='surveyparticipation',
            constraint=models.UniqueConstraint(fields=('survey', 'person_key'), name='a_person_answers_a_survey_once'),
        ),
        migrations.AddConstraint(
            model_name='surveyparticipation',
            constraint=models.UniqueConstraint(fields=('survey', 'contact'), name='a_contact_answers_a_survey_once'),
        ),
        migrations.AddConstraint(
            model_name='surveyquestion',
            constraint=models.CheckConstraint(condition=models.Q(('steps__gte', 3), ('steps__lte', 7)), name='a_scale_has_three_to_seven_steps', violation_error_message='Eine Skala hat 3 bis 7 Stufen.'),
        ),
        migrations.AddConstraint(
            model_name='surveyquestion',
            constraint=models.CheckConstraint(condition=models.Q(('allows_other', False), ('kind__in', ['choice', 'multiple']), _connector='OR'), name='only_a_choice_has_something_else', violation_error_message='„Sonstiges“ gibt es nur bei einer Auswahl.'),
        ),
        migrations.AddConstraint(
            model_name='surveyresponse',
            constraint=models.UniqueConstraint(fields=('survey', 'submission_key'), name='a_form_of_a_survey_counts_once'),
        ),
        migrations.AddConstraint(
            model_name='surveyanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_redacted', False), ('option__isnull', False), ('text', ''), ('value__isnull', True)), models.Q(('is_redacted', False), ('option__isnull', True), ('text', ''), ('value__isnull', False)), models.Q(('is_redacted', True), ('option__isnull', True), ('text', ''), ('value__isnull', True)), models.Q(('is_redacted', False), ('option__isnull', True), ('value__isnull', True), models.Q(('text', ''), _negated=True)), _connector='OR'), name='an_answer_says_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='surveyanswer',
            constraint=models.UniqueConstraint(fields=('response', 'question', 'option'), name='an_option_is_chosen_once'),
        ),
        migrations.AddConstraint(
            model_name='surveyanswer',
            constraint=models.UniqueConstraint(condition=models.Q(('option__isnull', True)), fields=('response', 'question'), name='a_question_has_one_value_or_text'),
        ),
        migrations.AddConstraint(
            model_name='surveytextdecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'redacted'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_text_is_erased_for_a_reason'),
        ),
        migrations.RunPython(let_them, migrations.RunPython.noop),
    ]
