"""Choosing a file with a questionnaire, and keeping what was read of it."""

import json
from pathlib import Path

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from design.fields import LineField
from design.forms import NhsHelper
from programme.forms.base import RecordForm
from questionnaires import fhir, sheets
from questionnaires.definition import BadDefinition, Definition, read, written
from questionnaires.fhir.loading import LARGEST_FILE

TOO_LARGE = "The file is larger than 1 MB."
NEW = "new"


class UploadForm(forms.Form):
    """One file: HL7 FHIR R4 in JSON, or a spreadsheet in our own layout."""

    file = forms.FileField(
        label="File",
        help_text="An HL7 FHIR R4 Questionnaire (.json), or a spreadsheet (.csv or .xlsx).",
        error_messages={"required": "Choose a file", "empty": "The file is empty."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".json,.csv,.xlsx"
        self.helper = NhsHelper(submit="Read the file")

    def clean_file(self) -> fhir.Imported:
        """What the file holds."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(TOO_LARGE)
        content = file.read()
        try:
            if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
                return fhir.imported(content)
            title = " ".join(Path(file.name).stem.replace("_", " ").split())
            return fhir.Imported(sheets.from_sheet(content, title=title[:100] or "No title"), ())
        except BadDefinition as error:
            raise ValidationError(str(error)) from error


class KeepForm(RecordForm):
    """What was read, sent along; kept as a draft under a name, or as the next version of one.

    Args:
        definition: what was read; none when it comes back with the form.
        into: the questionnaires that may get another version.
    """

    into = forms.ChoiceField(label="Keep it as")
    name = LineField(
        label="What you call it",
        max_length=120,
        required=False,
        help_text="For a new questionnaire. Leads see this name; workers see its title.",
    )
    document = forms.CharField(widget=forms.HiddenInput)
    submit = "Keep as a draft"

    def __init__(self, *args, into: QuerySet, definition: Definition | None = None, **kwargs):
        self.others = into
        if definition is not None:
            document = json.dumps(written(definition), ensure_ascii=False)
            kwargs["initial"] = {"document": document, "name": definition.title[:120]}
        super().__init__(*args, **kwargs)
        self.helper.mark_optional = False  # the name is needed for a new one

    def limit_choices(self) -> None:
        others = [(str(one.pk), f"The next version of {one.name}") for one in self.others]
        self.fields["into"].choices = [(NEW, "A new questionnaire"), *others]

    def clean_into(self):
        chosen = self.cleaned_data["into"]
        return next((one for one in self.others if str(one.pk) == chosen), None)

    def clean_document(self) -> Definition:
        try:
            return read(json.loads(self.cleaned_data["document"]))
        except (BadDefinition, ValueError, RecursionError):
            raise ValidationError(
                "What was read did not come back whole: read the file again."
            ) from None

    def clean(self) -> dict:
        given = self.cleaned_data
        chosen = "into" in given and given["into"] is None
        if chosen and not given.get("name") and "name" not in self.errors:
            self.add_error("name", "Enter what you call it")
        return given
