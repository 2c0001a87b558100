"""Finding rows by words that somebody types, whatever the accents and capitals."""

import unicodedata
from typing import Self

from django.db import models
from django.db.models.functions import Concat

# Letters that Unicode does not take apart into a base letter and a mark.
UNDECOMPOSED = ("łøđðħıŧ", "loddhit")


class Fold(models.Func):
    """Text as people search for it: lower case, without accents, so that *zoe* finds *Zoë*.

    `fold` does the same to what somebody typed.
    """

    template = (
        "translate(regexp_replace(lower(normalize(%(expressions)s, NFKD)), "
        f"'[\\u0300-\\u036f]', '', 'g'), '{UNDECOMPOSED[0]}', '{UNDECOMPOSED[1]}')"
    )
    output_field = models.TextField()


def fold(text: str) -> str:
    """The Python half of `Fold`."""
    base = "".join(
        mark
        for mark in unicodedata.normalize("NFKD", text).lower()
        if not "\u0300" <= mark <= "\u036f"
    )
    return base.translate(str.maketrans(*UNDECOMPOSED))


class SearchedQuerySet(models.QuerySet):
    """Rows found by words: in their column `search_text`, or in those that `searched` names."""

    searched: tuple[str, ...] = ()

    def matching(self, words: str) -> Self:
        """Rows that hold every word, accents and case ignored."""
        rows, typed = self, fold(words).split()
        if typed and self.searched:
            rows = rows.alias(search_text=Fold(_side_by_side(self.searched)))
        for word in typed:
            rows = rows.filter(search_text__contains=word)
        return rows


def _side_by_side(columns: tuple[str, ...]) -> models.Expression:
    parts = [part for column in columns for part in (models.Value(" "), models.F(column))]
    return Concat(*parts, output_field=models.TextField())
