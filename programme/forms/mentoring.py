"""What is typed about mentors and their meetings."""

from design.fields import DateBoxesField
from programme.forms.base import RecordForm
from programme.forms.choices import MentorChoice
from programme.models import Enrolment, Person, Spell


class MentorForm(RecordForm):
    """Who mentors a trainee: somebody in post, at the cohort's site where it has one."""

    mentor = MentorChoice(label="Mentor", queryset=None, empty_label="Choose somebody in post")
    started_on = DateBoxesField(label="First day as mentor", help_text="For example, 15 3 2026")
    submit = "Save mentor"

    def __init__(self, *args, trainee: Enrolment, **kwargs):
        self.trainee = trainee
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        spells = Spell.objects.in_post_on(self.today)
        if site := self.trainee.cohort.site:
            spells = spells.filter(post__team__site=site)
        people = Person.objects.visible_to(self.user).with_spell(spells)
        self.fields["mentor"].queryset = people.exclude(pk=self.trainee.person_id)


class EndMentoringForm(RecordForm):
    ended_on = DateBoxesField(label="Last day as mentor", help_text="For example, 15 3 2026")
    submit = "End mentoring"

    def clean(self) -> dict:
        self.not_after_today("ended_on", "The last day as mentor cannot be in the future")
        return self.cleaned_data


class MeetingForm(RecordForm):
    met_on = DateBoxesField(
        label="Day of the meeting",
        help_text="Only the day is recorded, never what was said. For example, 15 3 2026",
    )
    submit = "Save meeting"

    def clean(self) -> dict:
        self.not_after_today("met_on", "A meeting cannot be in the future")
        return self.cleaned_data
