"""How somebody wants to be told things."""

import datetime as dt

from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from design.fields import DateBoxesField
from design.forms import NhsHelper
from notifications.models import Wishes
from notifications.phones import uk_mobile
from notifications.rules import rules

HOURS = [(f"{hour:02}:00", f"{hour:02}:00") for hour in range(24)]
LONGEST_PAUSE = 366  # days
DIGEST_FOR = {"lead", "supervisor", "trainer"}  # who has something to look after


class WishesForm(forms.Form):
    """Channel, kinds, quiet hours, weekends and a pause."""

    by_email = forms.BooleanField(
        label="Send me emails too",
        required=False,
        help_text="Everything is in LXP as well. An email says only that something is there.",
    )
    by_sms = forms.BooleanField(
        label="Send me text messages too",
        required=False,
        help_text="A text says only that something is there, with a link.",
    )
    phone = forms.CharField(
        label="Mobile number for text messages",
        required=False,
        max_length=30,
        help_text="A UK mobile number. Nobody else sees it, and only texts are sent to it.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    weekly = forms.BooleanField(
        label="Once a week, one message instead of many",
        required=False,
        help_text="On Mondays: how many sessions, registers, fixed terms and checks are late or"
        " due, without names. Each of them is in LXP as well.",
    )
    wanted = forms.MultipleChoiceField(
        label="What would you like to be told?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    quiet_from = forms.TypedChoiceField(
        label="No messages from", choices=HOURS, coerce=dt.time.fromisoformat
    )
    quiet_until = forms.TypedChoiceField(
        label="Messages again from", choices=HOURS, coerce=dt.time.fromisoformat
    )
    at_weekends = forms.BooleanField(
        label="Messages at weekends and on bank holidays too", required=False
    )
    paused_until = DateBoxesField(
        label="Pause all messages until",
        required=False,
        help_text="The first day on which you want messages again. You do not need a reason.",
    )

    def __init__(self, data=None, *, wishes: Wishes, today: dt.date):
        super().__init__(data, initial=_initial(wishes))
        self.today = today
        self.kinds = {key: rule for key, rule in rules().items() if rule.may_be_switched_off}
        self.fields["wanted"].choices = [(key, rule.name) for key, rule in self.kinds.items()]
        if not settings.NOTIFY.sms_template:
            del self.fields["by_sms"], self.fields["phone"]
        if not DIGEST_FOR & {role.key for role in wishes.user.roles}:
            del self.fields["weekly"]
        self.helper = NhsHelper(submit="Save")
        self.helper.layout = Layout(*self.fields)

    def clean_phone(self) -> str:
        number = self.cleaned_data["phone"]
        if not number:
            if self.cleaned_data["by_sms"]:
                raise ValidationError("Enter the number that text messages are to go to")
            return ""
        try:
            return uk_mobile(number)
        except ValueError as error:
            raise ValidationError("Enter a UK mobile number, like 07700 900 982") from error

    def clean_paused_until(self) -> dt.date | None:
        day = self.cleaned_data["paused_until"]
        if day and day > self.today + dt.timedelta(days=LONGEST_PAUSE):
            raise ValidationError("Choose a day within a year. You can also switch emails off")
        return day if day and day > self.today else None

    @property
    def values(self) -> dict:
        """What was filled in, for an action; what is not wanted, for kinds that come later."""
        given = dict(self.cleaned_data)
        wanted = set(given.pop("wanted"))
        return given | {"switched_off": sorted(self.kinds.keys() - wanted)}


def _initial(wishes: Wishes) -> dict:
    off = set(wishes.switched_off)
    return {
        "by_email": wishes.by_email,
        "by_sms": wishes.by_sms,
        "phone": wishes.phone,
        "weekly": wishes.weekly,
        "wanted": [
            key for key, rule in rules().items() if rule.may_be_switched_off and key not in off
        ],
        "quiet_from": f"{wishes.quiet_from:%H:%M}",
        "quiet_until": f"{wishes.quiet_until:%H:%M}",
        "at_weekends": wishes.at_weekends,
        "paused_until": wishes.paused_until,
    }
