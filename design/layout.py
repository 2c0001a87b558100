"""Parts of a form's layout for words from outside. Crispy's own would run them as a template."""

from crispy_forms.layout import Fieldset
from crispy_forms.utils import TEMPLATE_PACK
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class Section(Fieldset):
    """Fields under a heading that is shown as it is; without one, fields that stand together."""

    def render(
        self, form: BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs
    ) -> SafeString:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(
            self.get_template_name(template_pack),
            {"fieldset": self, "legend": self.legend, "fields": fields},
        )


class Words:
    """A paragraph between fields, shown as it is."""

    def __init__(self, text: str):
        self.text = text

    def render(self, *_shown, template_pack: str = TEMPLATE_PACK, **_settings) -> SafeString:
        return render_to_string(f"{template_pack}/layout/words.html", {"text": self.text})
