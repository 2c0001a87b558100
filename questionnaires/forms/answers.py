"""One form for any questionnaire: what it asks comes from its definition."""

from crispy_forms.layout import Layout
from django import forms

from design.forms import NhsHelper
from design.layout import Section, Words
from questionnaires.definition import (
    Answers,
    Condition,
    Definition,
    Item,
    Kind,
    Operator,
    everything,
    kept,
    questions,
    shown,
)
from questionnaires.definition.showing import parents
from questionnaires.fields import OTHER, fields_for, to_answer, to_fields

COMPARED = {
    Operator.UNEQUAL: "anything but ",
    Operator.ABOVE: "more than ",
    Operator.BELOW: "less than ",
    Operator.AT_LEAST: "at least ",
    Operator.AT_MOST: "at most ",
}


class AnswerForm(forms.Form):
    """Asks every question of a definition, or one; after `is_valid`, `answers` holds what was said.

    An answer to a question whose conditions do not hold is left out, and nothing that is wrong with
    it is told. `name_of` says which field asks a question.

    Args:
        definition: what to ask.
        answers: what was answered before.
        only: the link_id of the one question to ask; earlier answers to the others are kept.
        draft: whether questions that must be answered may still be left out.
        submit, cancel: the words of the button, and where the *Cancel* link leads.
    """

    use_required_attribute = False

    def __init__(
        self,
        definition: Definition,
        data: dict | None = None,
        *,
        answers: Answers | None = None,
        only: str | None = None,
        draft: bool = False,
        submit: str = "Save",
        cancel: str = "",
    ):
        super().__init__(data)
        self.definition, self.before, self.draft = definition, dict(answers or {}), draft
        every = questions(definition)
        self._names = {item.link_id: f"q{place}" for place, item in enumerate(every, start=1)}
        self.asked = [item for item in every if only in (None, item.link_id)]
        if not self.asked:
            raise ValueError(f"There is no question {only!r}.")
        for item in self.asked:
            self._add(item)
        self.helper = NhsHelper(submit=submit, cancel=cancel)
        self.helper.mark_optional = any(item.required for item in every)
        self.helper.layout = Layout(*self._layout(only))

    @property
    def answers(self) -> Answers:
        """Everything answered so far to questions that are shown, for `is_valid` forms."""
        return kept(self.definition, self._given())

    def name_of(self, link_id: str) -> str:
        """The name of the field that asks a question; words of one's own are in `…_other`."""
        return self._names[link_id]

    def clean(self) -> dict:
        visible = shown(self.definition, self._given())
        for item in self.asked:
            name = self.name_of(item.link_id)
            if item.link_id not in visible:
                self._forgive(name)
                self._forgive(f"{name}_other")
            elif self.draft and self.has_error(name, "required"):
                self._forgive(name)
            elif item.kind == Kind.OPEN_CHOICE:
                self._check_open_choice(name)
        return self.cleaned_data

    def _forgive(self, name: str) -> None:
        self.errors.pop(name, None)

    def _check_open_choice(self, name: str) -> None:
        chosen, other = self.cleaned_data.get(name), self.cleaned_data.get(f"{name}_other")
        if chosen == OTHER and not other and not self.draft and f"{name}_other" not in self.errors:
            self.add_error(f"{name}_other", "Write what else, or choose one of the answers")
        if chosen and chosen != OTHER and other:
            self.add_error(name, "Choose “Something else” to use your own words, or remove them")

    def _given(self) -> Answers:
        """Answers before, with those of this form in place of theirs."""
        given = {**self.before}
        for item in self.asked:
            name = self.name_of(item.link_id)
            other = self.cleaned_data.get(f"{name}_other", "")
            answer = to_answer(item, self.cleaned_data.get(name), other)
            given.pop(item.link_id, None)
            if answer is not None:
                given[item.link_id] = answer
        return given

    def _add(self, item: Item) -> None:
        name = self.name_of(item.link_id)
        for ending, field in fields_for(item, self._hint(item)).items():
            self.fields[f"{name}{ending}"] = field
        for ending, value in to_fields(item, self.before.get(item.link_id)).items():
            self.initial[f"{name}{ending}"] = value

    def _hint(self, item: Item) -> str:
        return " ".join(filter(None, [item.hint, self._when(item)]))

    def _when(self, item: Item) -> str:
        """*Only if you answered “Yes” to “Do you work nights?”.*"""
        if not item.conditions:
            return ""
        asked = {one.link_id: one for one in everything(self.definition.items)}
        said = [_in_words(one, asked[one.question]) for one in item.conditions]
        return f"Only if {(' or ' if item.any_condition else ' and ').join(said)}."

    def _layout(self, only: str | None) -> list:
        if only is None:
            return [part for item in self.definition.items for part in self._parts(item)]
        return [*_above(self.definition, only), *self._of_question(self.asked[0])]

    def _parts(self, item: Item) -> list:
        """An item as it stands on the page, with those within it."""
        inner = [part for one in item.items for part in self._parts(one)]
        if item.is_question:
            return [*self._of_question(item), *inner]
        when = [Words(hint)] if (hint := self._hint(item)) else []
        if item.kind == Kind.DISPLAY:
            return [Words(item.text), *when]
        return [Section(item.text, *when, *inner)]

    def _of_question(self, item: Item) -> list[str]:
        name = self.name_of(item.link_id)
        return [field for field in (name, f"{name}_other") if field in self.fields]


def _above(definition: Definition, link_id: str) -> list[Words]:
    """What one reads before a question: the groups it stands in, and words since the last one."""
    within, groups, parent = parents(definition), set(), link_id
    while parent := within[parent]:
        groups.add(parent)
    found: list[Item] = []
    for item in everything(definition.items):
        if item.link_id == link_id:
            break
        if item.is_question:
            found = [one for one in found if one.link_id in groups]
        elif item.kind == Kind.DISPLAY or item.link_id in groups:
            found.append(item)
    return [Words(item.text) for item in found if item.text]


def _in_words(condition: Condition, asked: Item) -> str:
    if condition.operator == Operator.EXISTS:
        return f"you {'answered' if condition.answer else 'left out'} “{asked.text}”"
    answer = condition.answer
    if isinstance(answer, bool):
        answer = "Yes" if answer else "No"
    named = {one.code: label for one, label in zip(asked.options, asked.labels, strict=True)}
    compared = COMPARED.get(condition.operator, "")
    return f"you answered {compared}“{named.get(answer, answer)}” to “{asked.text}”"
