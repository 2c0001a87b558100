"""What is typed to ask somebody to get in touch, to answer that, and what a trust sets for it."""

from django import forms

from accounts.models import Site, User
from accounts.roles import CHANGE_SUPPORT
from design.fields import LineField, LongTextField
from programme.forms.base import RecordForm
from wellbeing.actions.contact import staff_of, to_pass_to
from wellbeing.colleagues import to_choose_from
from wellbeing.forms.hints import NO_DIAGNOSES
from wellbeing.models import MOST_HOURS, Way


class AskForm(RecordForm):
    """Who, how and when. There is no box for why."""

    owner = forms.ModelChoiceField(
        label="Who should get in touch?",
        queryset=User.objects.none(),
        empty_label="Choose somebody",
        error_messages={"required": "Choose who should get in touch"},
        help_text="Leads and supervisors of your sites, and who supervises you.",
    )
    way = forms.ChoiceField(
        label="How?",
        choices=Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how they should get in touch"},
    )
    detail = LineField(
        label="Your number or address for this",
        max_length=200,
        required=False,
        help_text="Only who you ask reads it. They may know it already.",
    )
    suits = LineField(
        label="When does it suit you?",
        max_length=200,
        required=False,
        help_text="For example Tuesday after 2pm. You do not need to say what it is about.",
    )
    submit = "Send request"

    def limit_choices(self) -> None:
        self.fields["owner"].queryset = to_choose_from(self.user.person, self.today)


class InTouchForm(RecordForm):
    reply = LongTextField(
        label="Message to them",
        max_length=2000,
        required=False,
        help_text="Only they can read it. Leave it empty if you have spoken already. "
        f"{NO_DIAGNOSES}",
    )
    submit = "I have been in touch"


class PassForm(RecordForm):
    to = forms.ModelChoiceField(
        label="Who will get in touch instead?",
        queryset=User.objects.none(),
        empty_label="Choose somebody",
        error_messages={"required": "Choose who will get in touch instead"},
        help_text="Ask them first. The worker is told to whom you passed it.",
    )
    submit = "Pass it on"

    def __init__(self, *args, person, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)

    def limit_choices(self) -> None:
        self.fields["to"].queryset = to_pass_to(self.person, self.user, self.today)


class DutyForm(RecordForm):
    """How soon, and who stands in, at a site that is settled already."""

    hours = forms.IntegerField(
        label="Working hours to get in touch",
        error_messages={"required": "Enter how many working hours somebody has to get in touch"},
        min_value=1,
        max_value=MOST_HOURS,
        help_text="Eight are one working day: Monday to Friday, nine to five, no bank holidays.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-3"}),
    )
    stand_in = forms.ModelChoiceField(
        label="Who stands in?",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody: leads are told at once",
        help_text="They see the request when nobody has been in touch in time.",
    )
    submit = "Save"

    def limit_choices(self) -> None:
        sites = [self.record.site] if self.record and self.record.site else []
        self.fields["stand_in"].queryset = staff_of(self.today, *sites).order_by("name", "pk")


class NewDutyForm(DutyForm):
    site = forms.ModelChoiceField(
        label="Where?", queryset=Site.objects.none(), required=False, empty_label="All other sites"
    )
    field_order = ["site"]

    def limit_choices(self) -> None:
        sites = self.user.sites_for(CHANGE_SUPPORT)
        where = self.fields["site"]
        where.queryset = Site.objects.all() if sites is None else Site.objects.filter(pk__in=sites)
        where.required = sites is not None
        staff = staff_of(self.today, *where.queryset)
        self.fields["stand_in"].queryset = staff.order_by("name", "pk")
