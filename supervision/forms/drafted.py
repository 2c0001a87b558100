"""A form whose text is kept while it is typed."""

from django.utils.datastructures import MultiValueDict

from programme.forms.base import RecordForm


class DraftedForm(RecordForm):
    """`typed` names the fields in which words make a draft: what a page fills in makes none."""

    typed: tuple[str, ...] = ()

    @classmethod
    def something_typed(cls, data: MultiValueDict) -> bool:
        return any(data.get(name, "").strip() for name in cls.typed)

    def restore(self, stored: dict[str, list[str]]) -> None:
        """Show what was typed last instead of what the form begins with."""
        data = MultiValueDict(stored)
        for name, field in self.fields.items():
            if any(key == name or key.startswith(f"{name}_") for key in data):
                self.initial[name] = field.widget.value_from_datadict(data, {}, name)
