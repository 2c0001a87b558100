"""What every form of ours tells crispy."""

from crispy_forms.helper import FormHelper


class NhsHelper(FormHelper):
    """Draws a form with one button at its end.

    Args:
        submit: the words on the button, a verb and its object: *Save person*.
        variant: `primary`, `secondary` or `warning`.
        cancel: the address of a *Cancel* link beside the button; none when empty.
        method: `post`; `get` for searches and filters, where nothing is marked as optional.
        filters: fields side by side where there is room, for a form above a list.
    """

    def __init__(
        self,
        *,
        submit: str,
        variant: str = "primary",
        cancel: str = "",
        method: str = "post",
        filters: bool = False,
    ):
        super().__init__()
        self.submit = submit
        self.variant = variant
        self.cancel = cancel
        self.form_method = method
        self.form_class = "lxp-filters" if filters else ""
        self.mark_optional = method == "post"
        self.disable_csrf = method == "get"
        self.include_media = False
