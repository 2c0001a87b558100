from django.urls import include, path

from programme.urls.files import files
from programme.views import rounds, stages

# recruitment/<round_pk>/
round_urlpatterns = [
    path("stages/add/", stages.add_stage, name="add-stage"),
    path("stages/<uuid:pk>/", stages.edit_stage, name="edit-stage"),
    path("stages/<uuid:pk>/remove/", stages.remove_stage, name="remove-stage"),
    path("questions/add/", rounds.add_question, name="add-question"),
    path("questions/<uuid:pk>/", rounds.edit_question, name="edit-question"),
    path("questions/<uuid:pk>/remove/", rounds.remove_question, name="remove-question"),
]

# recruitment/templates/<template_pk>/stages/
template_stage_urlpatterns = [
    path("add/", stages.add_template_stage, name="add-template-stage"),
    path("<uuid:pk>/", stages.edit_template_stage, name="edit-template-stage"),
    path("<uuid:pk>/remove/", stages.remove_template_stage, name="remove-template-stage"),
]

# recruitment/
urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    *files("rounds", rounds.rounds_file),
    path("add/", rounds.add_round, name="add-round"),
    path("templates/", stages.templates, name="stage-templates"),
    *files("stage-templates", stages.templates_file, route="templates"),
    path("templates/add/", stages.add_template, name="add-stage-template"),
    path("templates/<uuid:pk>/", stages.template, name="stage-template"),
    path("templates/<uuid:pk>/edit/", stages.edit_template, name="edit-stage-template"),
    path("templates/<uuid:template_pk>/stages/", include(template_stage_urlpatterns)),
    path("<uuid:pk>/", rounds.show_round, name="round"),
    path("<uuid:pk>/edit/", rounds.edit_round, name="edit-round"),
    path("<uuid:pk>/publish/", rounds.publish_round, name="publish-round"),
    path("<uuid:pk>/close/", rounds.close_round, name="close-round"),
    path("<uuid:round_pk>/", include(round_urlpatterns)),
]
