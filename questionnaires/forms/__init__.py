from questionnaires.forms.answers import AnswerForm

__all__ = ["AnswerForm"]
