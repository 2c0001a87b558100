"""What a page says once, after something was done, is kept in the browser until it is shown: it
names nobody, for the next person at that browser may be somebody else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

WORDS = (ast.Constant, ast.JoinedStr, ast.IfExp, ast.Name)
LEVELS = {"add_message", "debug", "error", "info", "success", "warning"}
APPS = ("accounts", "notifications", "programme", "questionnaires", "supervision", "wellbeing")
# What is written into these words, by file: things, numbers and days, and never somebody's name.
# A message that is new here with a thing in its words is added; one with a person loses the name.
WRITTEN_INTO = {
    "accounts/adapters.py": {"last.message"},  # said before, and read here too
    "accounts/allauth_urls.py": {"MFAAdapter.error_messages['cannot_delete_authenticator']"},
    "accounts/views/sites.py": {"form.instance.name"},  # a site
    "accounts/views/users.py": {"grant.get_role_display()"},
    "notifications/views/texts.py": {"rule.name"},
    "programme/views/applicant.py": {"back.stage"},
    "programme/views/applicants.py": {"given['to']", "len(moved)", "problem", "refusal"},
    "programme/views/completion.py": {"cohort"},
    "programme/views/duplicates.py": {"len(begun)", "to"},
    "programme/views/employment.py": {"moved.title"},
    "programme/views/hiring.py": {"missing"},
    "programme/views/imports.py": {"job.file_name"},
    "programme/views/my_offer.py": {"words"},  # one of a list, to the applicant themselves
    "programme/views/pathways.py": {"pathway"},
    "programme/views/posts.py": {"post", "post.funded_wte", "post.known_wte", "post.title"},
    "programme/views/reasons.py": {"reason"},
    "programme/views/requirements.py": {"len(new)"},
    "programme/views/slots.py": {"added", "in_words(slot)"},
    "programme/views/spells.py": {"spell.post"},
    "programme/views/teams.py": {"'; '.join(wanting)", "employer", "team"},
    "programme/views/training.py": {"cohort"},
    "programme/views/training_programmes.py": {"made"},
    "programme/views/training_sessions.py": {"len(made)"},
    "questionnaires/views/drafts.py": {
        "draft.number",
        "draft.questionnaire",
        "refused",
        "scales[place].name",
    },
    "questionnaires/views/lists.py": {"found"},
    "supervision/views/cover.py": {"len(covers)"},
    "supervision/views/sessions.py": {
        *("agreement.ended_on", "agreement.ended_on.day"),
        "f'Nothing is saved. {refusal}.'.replace('..', '.')",
    },
    "wellbeing/views/checkins.py": {"_long(asked.next_on)", "_long(until)"},
    "wellbeing/views/support.py": {"contact.name"},  # a help line, which everybody can read
}
# The words of a refusal say what is in the way; `last` was said before.
REFUSALS = {"str(error)", "str(refusal)"}


class File:
    """One module, and what is written into the words of its messages."""

    def __init__(self, path: Path):
        self.tree = ast.parse(path.read_text())
        functions = [one for one in ast.walk(self.tree) if isinstance(one, ast.FunctionDef)]
        self.functions = {one.name: one for one in functions}
        self.inside = {id(part): one for one in functions for part in ast.walk(one)}

    def calls(self) -> Iterator[ast.Call]:
        return (one for one in ast.walk(self.tree) if isinstance(one, ast.Call))

    def said(self) -> set[str]:
        return {part for call in self.calls() if _is_message(call) for part in self._of(call)}

    def _of(self, call: ast.Call) -> set[str]:
        return self.parts(call.args[-1]) - REFUSALS

    def parts(self, words: ast.expr) -> set[str]:
        """What is written into words, also where they come by a name from the same function or
        from whoever calls it."""
        if isinstance(words, ast.Constant) or _text(words).rpartition(".")[2].isupper():
            return set()
        if isinstance(words, ast.IfExp):
            return self.parts(words.body) | self.parts(words.orelse)
        if isinstance(words, ast.JoinedStr):
            values = [one.value for one in words.values if isinstance(one, ast.FormattedValue)]
            return {part for value in values for part in self.parts(value)}
        found = self._sources(words) if isinstance(words, ast.Name) else []
        if found and all(isinstance(one, WORDS) for one in found):
            return {part for one in found for part in self.parts(one)}
        return {_text(words)}

    def _sources(self, name: ast.Name) -> list[ast.expr]:
        function = self.inside[id(name)]
        assigned = [
            one.value
            for one in ast.walk(function)
            if isinstance(one, ast.Assign) and _text(one.targets[0]) == name.id
        ]
        return assigned or self._given(function, name.id)

    def _given(self, function: ast.FunctionDef, name: str) -> list[ast.expr]:
        places = [one.arg for one in function.args.args]
        calls = [one for one in self.calls() if _text(one.func) == function.name]
        named = [word.value for one in calls for word in one.keywords if word.arg == name]
        if name not in places:
            return named
        place = places.index(name)
        return named + [one.args[place] for one in calls if len(one.args) > place]


def _text(part: ast.expr) -> str:
    return ast.unparse(part)


def _is_message(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and (
        call.func.attr in LEVELS and _text(call.func.value) == "messages"
    )


def test_no_message_names_a_person():
    files = [path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py")]
    said = {str(path.relative_to(settings.BASE_DIR)): File(path).said() for path in files}

    new = {file: parts - WRITTEN_INTO.get(file, set()) for file, parts in said.items()}
    assert {file: parts for file, parts in new.items() if parts} == {}
    assert len([file for file, parts in said.items() if parts]) > 20  # it still finds them
