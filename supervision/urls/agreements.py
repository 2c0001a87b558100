from django.urls import path

from supervision.views import agreements, arranging, cover, standards, supervisors

urlpatterns = [
    path("mine/", agreements.mine, name="mine"),
    path("choose/", agreements.choose, name="choose"),
    path("choose/<uuid:pk>/", agreements.ask, name="ask"),
    path("choose/<uuid:pk>/debrief/", agreements.ask_for_debrief, name="ask-for-debrief"),
    path("agreements/<uuid:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<uuid:pk>/terms/", agreements.write_terms, name="write-terms"),
    path("agreements/<uuid:pk>/sign/", agreements.sign, name="sign"),
    path("agreements/<uuid:pk>/debrief/", agreements.begin_debrief, name="begin-debrief"),
    path("agreements/<uuid:pk>/end/", agreements.end, name="end"),
    path("agreements/<uuid:pk>/hand-over/", agreements.hand_over, name="hand-over"),
    path("agreements/<uuid:pk>/keep-open/", agreements.keep_open, name="keep-open"),
    path("agreements/<uuid:pk>/cover/", cover.add_cover, name="add-cover"),
    path(
        "agreements/<uuid:agreement_pk>/cover/<uuid:pk>/", cover.change_cover, name="change-cover"
    ),
    path(
        "agreements/<uuid:agreement_pk>/cover/<uuid:pk>/withdraw/",
        cover.withdraw_cover,
        name="withdraw-cover",
    ),
    path(
        "agreements/<uuid:agreement_pk>/cover/<uuid:pk>/records/",
        agreements.cover_records,
        name="cover-records",
    ),
    path(
        "agreements/<uuid:agreement_pk>/cover/<uuid:pk>/refuse/",
        agreements.refuse_cover,
        name="refuse-cover",
    ),
    path("supervisors/", supervisors.supervisors, name="supervisors"),
    path("supervisors/add/", supervisors.add_supervisor, name="add-supervisor"),
    path("supervisors/<uuid:pk>/", supervisors.edit_supervisor, name="edit-supervisor"),
    path("my-entry/", supervisors.my_entry, name="my-entry"),
    path("people/<uuid:pk>/", arranging.person, name="person"),
    path("people/<uuid:pk>/assign/", arranging.assign, name="assign"),
    path("people/<uuid:person_pk>/<uuid:pk>/end/", arranging.person_end, name="person-end"),
    path("people/<uuid:person_pk>/<uuid:pk>/cover/", arranging.person_cover, name="person-cover"),
    path(
        "people/<uuid:person_pk>/<uuid:agreement_pk>/cover/<uuid:pk>/",
        arranging.person_change_cover,
        name="person-change-cover",
    ),
    path(
        "people/<uuid:person_pk>/<uuid:agreement_pk>/cover/<uuid:pk>/withdraw/",
        arranging.person_withdraw_cover,
        name="person-withdraw-cover",
    ),
    path("kinds/", standards.kinds, name="kinds"),
    path("kinds/<uuid:pk>/", standards.edit_kind, name="edit-kind"),
    path("kinds/<uuid:pk>/standards/", standards.add_standard, name="add-standard"),
    path("standards/<uuid:pk>/remove/", standards.remove_standard, name="remove-standard"),
]
