from django.urls import path

from supervision.views import calendar, drafted, records, sessions, settling, shared

urlpatterns = [
    path("agreements/<uuid:pk>/sessions/", sessions.sessions, name="sessions"),
    path("agreements/<uuid:pk>/plan/", sessions.plan_session, name="plan-session"),
    path("agreements/<uuid:pk>/log/", sessions.log_session, name="log-session"),
    path("agreements/<uuid:pk>/agenda/", shared.add_to_agenda, name="add-to-agenda"),
    path("agreements/<uuid:pk>/preparation/", shared.preparation, name="preparation"),
    path("agreements/<uuid:pk>/preparation/add/", shared.add_preparation, name="add-preparation"),
    path("agreements/<uuid:pk>/aide-memoire/", shared.aide_memoire, name="aide-memoire"),
    path("agenda/<uuid:pk>/take-off/", shared.take_off_agenda, name="take-off-agenda"),
    path("preparation/<uuid:pk>/", shared.edit_preparation, name="edit-preparation"),
    path("preparation/<uuid:pk>/delete/", shared.remove_preparation, name="remove-preparation"),
    path("sessions/<uuid:pk>/", sessions.session, name="session"),
    path("sessions/<uuid:pk>/held/", sessions.hold_session, name="hold-session"),
    path("sessions/<uuid:pk>/log/", sessions.log_planned, name="log-planned"),
    path("sessions/<uuid:pk>/rearrange/", sessions.rearrange_session, name="rearrange-session"),
    path("sessions/<uuid:pk>/cancel/", sessions.cancel_session, name="cancel-session"),
    path("sessions/<uuid:pk>/became/", settling.settle_session, name="settle-session"),
    path("sessions/<uuid:pk>/contest/", settling.contest_session, name="contest-session"),
    path("agreements/<uuid:pk>/before-the-end/", settling.log_before_end, name="log-before-end"),
    path("sessions/<uuid:pk>/record/", records.write_record, name="write-record"),
    path("sessions/<uuid:pk>/confirm/", records.confirm_record, name="confirm-record"),
    path("sessions/<uuid:pk>/disagree/", records.disagree, name="disagree"),
    path(
        "sessions/<uuid:pk>/supervision.ics", calendar.session_invitation, name="session-invitation"
    ),
    path("groups/log/", sessions.log_group, name="log-group"),
    path("groups/<uuid:pk>/", sessions.group, name="group"),
    path("actions/", shared.my_actions, name="actions"),
    path("actions/organisation/", shared.organisation_actions, name="organisation-actions"),
    path("actions/<uuid:pk>/done/", shared.tick_action, name="tick-action"),
    path("calendar/", calendar.my_calendar, name="calendar"),
    path("calendar/<str:secret>/supervision.ics", calendar.calendar_feed, name="calendar-feed"),
    path("drafts/", drafted.my_drafts, name="drafts"),
    path("drafts/<uuid:pk>/delete/", drafted.delete_draft, name="delete-draft"),
    path("drafts/<slug:form>/<uuid:pk>/", drafted.save_draft, name="save-draft"),
]
