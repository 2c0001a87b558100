from django.urls import include, path

from programme.urls.files import files
from programme.views import (
    applicant,
    applicants,
    duplicates,
    equality,
    hiring,
    panel,
    panel_setup,
    recruitment_times,
    slots,
)

# recruitment/<round_pk>/applicants/<pk>/
applicant_urlpatterns = [
    path("", applicant.show_applicant, name="applicant"),
    path("back/", applicant.bring_back, name="bring-applicant-back"),
    path("offer/", hiring.edit_offer, name="applicant-offer"),
    path("checks/", hiring.show_checks, name="applicant-checks"),
    path("checks/exception/", hiring.allow_start, name="allow-start"),
    path("checks/<str:standard>/", hiring.edit_check, name="applicant-check"),
    path("appoint/", hiring.appoint, name="appoint"),
]

# recruitment/<round_pk>/panel/: for its members, and what leads say about it
panel_urlpatterns = [
    path("", panel.panel, name="panel"),
    path("<uuid:pk>/", panel.score, name="score"),
    path("<uuid:pk>/conflict/", panel.declare_conflict, name="declare-conflict"),
    path("setup/", panel_setup.panel_setup, name="panel-setup"),
    path("setup/members/add/", panel_setup.add_member, name="add-panel-member"),
    path("setup/members/<uuid:pk>/remove/", panel_setup.remove_member, name="remove-panel-member"),
    path("setup/criteria/add/", panel_setup.add_criterion, name="add-criterion"),
    path("setup/criteria/<uuid:pk>/remove/", panel_setup.remove_criterion, name="remove-criterion"),
    path("scores/", panel_setup.scores, name="scores"),
]

# recruitment/<round_pk>/
round_urlpatterns = [
    path("board/", applicants.show_board, name="board"),
    path("applicants/", applicants.applicants, name="applicants"),
    *files("applicants", applicants.applicants_file),
    path("applicants/<uuid:pk>/", include(applicant_urlpatterns)),
    path("move/", applicants.move_applicants, name="move-applicants"),
    path("times/", recruitment_times.round_times, name="round-times"),
    *files("round-times", recruitment_times.round_times_file, route="times"),
    path("slots/", slots.slots, name="slots"),
    *files("slots", slots.slots_file),
    path("slots/add/", slots.add_slots, name="add-slots"),
    path("slots/<uuid:pk>/remove/", slots.remove_slot, name="remove-slot"),
    path("panel/", include(panel_urlpatterns)),
    path("duplicates/", duplicates.pairs, name="duplicates"),
    *files("duplicates", duplicates.pairs_file),
]

# recruitment/
urlpatterns = [
    path("panels/", panel.panels, name="panels"),
    path("figures/", recruitment_times.recruitment_figures, name="recruitment-figures"),
    *files("recruitment-figures", recruitment_times.recruitment_figures_file, route="figures"),
    path("equality/", equality.equality_page, name="equality-figures"),
    *files("equality", equality.equality_file),
    path("hold/", duplicates.hold_list, name="hold-list"),
    *files("hold", duplicates.hold_file),
    path("<uuid:round_pk>/", include(round_urlpatterns)),
]
