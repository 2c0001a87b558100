from django.urls import include, path

from programme.views import applicant, applicants, duplicates, hiring

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

# recruitment/<round_pk>/
round_urlpatterns = [
    path("board/", applicants.show_board, name="board"),
    path("applicants/", applicants.applicants, name="applicants"),
    path("applicants.csv", applicants.applicants_csv, name="applicants-csv"),
    path("applicants.xlsx", applicants.applicants_xlsx, name="applicants-xlsx"),
    path("applicants/<uuid:pk>/", include(applicant_urlpatterns)),
    path("move/", applicants.move_applicants, name="move-applicants"),
    path("duplicates/", duplicates.pairs, name="duplicates"),
]

# recruitment/
urlpatterns = [
    path("hold/", duplicates.hold_list, name="hold-list"),
    path("<uuid:round_pk>/", include(round_urlpatterns)),
]
