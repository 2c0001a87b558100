"""Choosing a file to import, and naming its columns."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from design.forms import NhsHelper
from programme.imports import columns, reading
from programme.imports.reading import FileError, Limits

CHOICES = [
    ("", "Choose"),
    (columns.IGNORE, "Do not read this column"),
    *((column.key, column.label) for column in columns.COLUMNS.values()),
]


class UploadForm(forms.Form):
    """One spreadsheet. Its size and kind are checked here, its rows later."""

    file = forms.FileField(
        label="Spreadsheet",
        help_text="An Excel workbook (.xlsx) or a CSV file.",
        error_messages={
            "required": "Choose a spreadsheet",
            "empty": "The file is empty.",
            "invalid": "Choose a spreadsheet",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".csv,.xlsx,.txt,.tsv"
        self.helper = NhsHelper(submit="Read the file")

    def clean_file(self) -> bytes:
        """The file's bytes."""
        file = self.cleaned_data["file"]
        most = Limits(bytes=settings.IMPORT_MAX_BYTES, rows=settings.IMPORT_MAX_ROWS)
        if file.size > most.bytes:
            raise ValidationError(f"The file is larger than {most.bytes // 1024 // 1024} MB.")
        content = file.read()
        try:
            reading.check(content, most)
        except FileError as error:
            raise ValidationError(str(error)) from error
        return content


class MappingForm(forms.Form):
    """What each heading of a file means.

    Args:
        headings: of the file, in its order.
        mapping: what is chosen already: heading → our column or *ignore*.
        samples: heading → a few of its cells.
        cancel: where the *Cancel* link leads.
    """

    def __init__(
        self,
        *args,
        headings: list[str],
        mapping: dict[str, str],
        samples: dict[str, list[str]],
        cancel: str = "",
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.headings = headings
        # What somebody has to decide stands first.
        for place, heading in sorted(enumerate(headings), key=lambda item: item[1] in mapping):
            shown = ", ".join(text[:60] for text in samples.get(heading, []))
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=f"“{heading}”",
                choices=CHOICES,
                initial=mapping.get(heading, ""),
                help_text=f"For example: {shown}"
                if shown
                else "No cell is filled in the first rows.",
                error_messages={"required": f"Say what “{heading}” is, or that it is not read"},
            )
        self.helper = NhsHelper(
            submit="Use these columns", cancel=cancel or reverse("programme:imports")
        )

    def clean(self) -> dict:
        """Refuses one column named twice, and a file without a reference or last name."""
        cleaned = super().clean()
        if not self.errors:
            for problem in columns.problems(self.mapping):
                self.add_error(None, problem)
        return cleaned

    @property
    def mapping(self) -> dict[str, str]:
        """Heading → our column or *ignore*, as chosen."""
        return {
            heading: self.cleaned_data[f"column_{place}"]
            for place, heading in enumerate(self.headings)
        }
