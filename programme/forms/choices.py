"""Lists to choose from, in words that tell two entries apart."""

from collections.abc import Iterator

from django import forms
from django.forms.models import ModelChoiceIterator

from programme.models import (
    Enrolment,
    LeavingReasonGroup,
    PathwayStep,
    Person,
    Post,
    ProgrammeVersion,
    Team,
)


class TeamChoice(forms.ModelChoiceField):
    """A team with its site: two sites may each have a team of the same name."""

    def label_from_instance(self, team: Team) -> str:
        return f"{team.name}, {team.site.name}"


class VersionChoice(forms.ModelChoiceField):
    """A version of a training programme with the programme's name."""

    def label_from_instance(self, version: ProgrammeVersion) -> str:
        return f"{version.programme.name}, version {version.number}"


class PostChoice(forms.ModelChoiceField):
    """A post with its team, site and employer."""

    def label_from_instance(self, post: Post) -> str:
        return f"{post.title}, {post.team.name}, {post.team.site.name} ({post.employer.name})"


class StepChoice(forms.ModelChoiceField):
    """A step with its pathway."""

    def label_from_instance(self, step: PathwayStep) -> str:
        return f"{step.pathway.name}: {step}"


class GroupedReasons(ModelChoiceIterator):
    """Leaving reasons under the headings of the NHS list, in its order."""

    def __iter__(self) -> Iterator:
        yield "", self.field.empty_label
        groups: dict[str, list] = {group: [] for group in LeavingReasonGroup.values}
        for reason in self.queryset:
            groups[reason.group].append(self.choice(reason))
        for group, choices in groups.items():
            if choices:
                yield LeavingReasonGroup(group).label, choices


class LeavingReasonChoice(forms.ModelChoiceField):
    iterator = GroupedReasons


class TraineesChoice(forms.ModelMultipleChoiceField):
    """Places in a cohort, by the names of the people who have them."""

    def label_from_instance(self, enrolment: Enrolment) -> str:
        return str(enrolment.person)


class MentorChoice(forms.ModelChoiceField):
    """People with their reference: two may have one name."""

    def label_from_instance(self, person: Person) -> str:
        return f"{person} ({person.reference})"
