"""Names of people over time; what they paid is found by their uid."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('live_data', '0011_days'),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.BigIntegerField(verbose_name='user ID')),
                ('username', models.TextField(verbose_name='user name')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
            ],
            options={
                'verbose_name': 'name of a person',
                'verbose_name_plural': 'names of people',
                'db_table': 'live_data_personname',
            },
        ),
        migrations.AddIndex(
            model_name='guardpurchase',
            index=models.Index(fields=['uid'], name='idx_guard_uid'),
        ),
        migrations.AddIndex(
            model_name='superchatdata',
            index=models.Index(fields=['uid'], name='idx_super_chat_uid'),
        ),
        migrations.AddConstraint(
            model_name='personname',
            constraint=models.UniqueConstraint(fields=('uid', 'username'), name='person_name_once'),
        ),
    ]
