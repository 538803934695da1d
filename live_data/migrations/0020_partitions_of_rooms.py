"""Several syncs share the rooms: how many there are, and how far each of them has every journal."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("live_data", "0019_gift_paid")]

    operations = [
        migrations.AddField(
            model_name="journalposition",
            name="partition",
            field=models.IntegerField(db_default=0, verbose_name="partition of the rooms"),
        ),
        migrations.AddField(
            model_name="synccursor",
            name="partitions",
            field=models.IntegerField(db_default=1, verbose_name="partitions"),
        ),
        migrations.AlterField(
            model_name="journalposition",
            name="collector",
            field=models.TextField(verbose_name="collector"),
        ),
        migrations.AlterField(
            model_name="synccursor",
            name="partition",
            field=models.IntegerField(unique=True, verbose_name="partition of the rooms"),
        ),
        migrations.AddConstraint(
            model_name="journalposition",
            constraint=models.UniqueConstraint(
                fields=("collector", "partition"), name="journal_position_once"
            ),
        ),
    ]
