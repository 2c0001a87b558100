"""Writes encrypted text anew with the first key, so that an older key can be taken away."""

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import models, transaction

from encryption.fields import EncryptedTextField


class Command(BaseCommand):
    help = "Write every encrypted text anew that an older key wrote. Safe to stop and run again."

    def handle(self, *_args, **_options) -> None:
        renewed = sum(
            renew(model, fields) for model in apps.get_models() if (fields := encrypted(model))
        )
        self.stdout.write(f"{renewed} rows are written anew; every text has the first key now.")


def encrypted(model: type[models.Model]) -> list[EncryptedTextField]:
    return [field for field in model._meta.fields if isinstance(field, EncryptedTextField)]


def renew(model: type[models.Model], fields: list[EncryptedTextField]) -> int:
    """Renew the rows of one table one by one; returns how many needed it."""
    return sum(
        renew_row(model, pk, fields)
        for pk in models.QuerySet(model).values_list("pk", flat=True).iterator()
    )


def renew_row(model: type[models.Model], pk, fields: list[EncryptedTextField]) -> bool:
    """Renew one row, held so that nothing that is written meanwhile is lost."""
    with transaction.atomic():
        rows = models.QuerySet(model).select_for_update(of=("self",), no_key=True)
        row = rows.filter(pk=pk).first()
        old = [field.attname for field in fields if row and is_old(field, row)]
        for name in old:
            getattr(row, name)  # decrypts, and so saves anew
        if old:
            row.save(update_fields=old)
    return bool(old)


def is_old(field: EncryptedTextField, row: models.Model) -> bool:
    return field.written_with(row) not in {"", next(iter(getattr(settings, field.keys)))}
