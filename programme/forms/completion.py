"""What confirms a completion."""

from design.fields import DateBoxesField, LineField
from programme.forms.base import RecordForm


class CompletionForm(RecordForm):
    """The day, and the reason where something is missing.

    Args:
        asks_why: whether completion would be an exception that this user may make.
    """

    completed_on = DateBoxesField(
        label="On which day did they complete?", help_text="For example, 15 3 2026"
    )
    exception = LineField(
        label="Why is it confirmed although something is missing?",
        max_length=300,
        help_text="For example, how the requirement was adjusted. The trainee reads this too. "
        "Never a health detail.",
    )
    submit = "Confirm completion"

    def __init__(self, *args, asks_why: bool, **kwargs):
        self.asks_why = asks_why
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        if not self.asks_why:
            del self.fields["exception"]

    def clean(self) -> dict:
        self.not_after_today("completed_on", "The day of completion cannot be in the future")
        return self.cleaned_data
