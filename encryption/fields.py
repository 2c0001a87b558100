"""A text column that is stored encrypted, each value bound to its table, column and row."""

from dataclasses import dataclass

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from encryption.keys import seal, unseal


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value as it is stored. It is no text, so that it cannot be shown by mistake."""

    stored: str

    def __str__(self) -> str:
        return "(encrypted)"

    __repr__ = __str__


class EncryptedAttribute(DeferredAttribute):
    """Decrypts when the attribute is first read, for only then the row is known."""

    def __get__(self, instance, cls=None):
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = self.field.unsealed(value, instance)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text that is encrypted before it reaches the database and read only through its row.

    It is saved with its row (`save`, `bulk_create`), never by `update`, which knows no row; the
    key of the row must be made by Python. Empty text is stored as it is. Nothing can be looked up
    in it but whether it is empty.

    Args:
        keys: the name of the setting with its keys.
    """

    descriptor_class = EncryptedAttribute

    def __init__(self, *args, keys: str = "ENCRYPTION_KEYS", **kwargs):
        self.keys = keys
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"keys": self.keys}

    def unsealed(self, value: Sealed, row: models.Model) -> str:
        """The text of a stored value of a row.

        Raises:
            Unreadable: see `encryption.keys`.
        """
        return unseal(value.stored, setting=self.keys, bound_to=self._place(row))

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | str:  # noqa: ARG002
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, Sealed):
            return value
        text = getattr(model_instance, self.attname)
        if not text:
            return ""
        return Sealed(seal(text, setting=self.keys, bound_to=self._place(model_instance)))

    def from_db_value(self, value: str, expression, connection) -> Sealed | str:  # noqa: ARG002
        return Sealed(value) if value else ""

    def get_prep_value(self, value: Sealed | str) -> str:
        if isinstance(value, Sealed):
            return value.stored
        if value:
            raise FieldError(f"{self.name} is encrypted: save it with its row.")
        return ""

    def value_to_string(self, obj: models.Model) -> str:  # noqa: ARG002
        raise FieldError(f"{self.name} is encrypted: it is not written out.")

    def written_with(self, row: models.Model) -> str:
        """The name of the key of a stored value that was not read yet; empty for no text."""
        value = row.__dict__.get(self.attname)
        return value.stored.partition(".")[0] if isinstance(value, Sealed) else ""

    def _place(self, row: models.Model) -> str:
        return f"{self.model._meta.db_table}|{self.column}|{row.pk}"
