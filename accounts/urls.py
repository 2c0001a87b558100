from django.urls import include, path

from accounts.views import own, sites, users

app_name = "accounts"

own_urls = [
    path("", own.account, name="account"),
    path("profile/", own.profile, name="profile"),
    path("sessions/", own.own_sessions, name="sessions"),
    path("sessions/end-others/", own.end_other_sessions, name="end-other-sessions"),
    path("sessions/<int:pk>/end/", own.end_session, name="end-session"),
    path("keep-alive/", own.keep_alive, name="keep-alive"),
    path("qr-code/", own.qr_code, name="qr-code"),
    path("invitation/<str:token>/", own.invitation, name="invitation"),
]

user_urls = [
    path("", users.users, name="users"),
    path("add/", users.add_user, name="add-user"),
    path("<uuid:pk>/", users.user, name="user"),
    path("<uuid:pk>/edit/", users.edit_user, name="edit-user"),
    path("<uuid:pk>/roles/add/", users.give_role, name="give-role"),
    path("<uuid:pk>/roles/<uuid:grant_pk>/end/", users.end_role, name="end-role"),
    path("<uuid:pk>/invite-again/", users.invite_again, name="invite-again"),
    path("<uuid:pk>/deactivate/", users.deactivate, name="deactivate"),
    path("<uuid:pk>/reactivate/", users.reactivate, name="reactivate"),
    path("<uuid:pk>/end-sessions/", users.end_sessions, name="end-sessions"),
    path("<uuid:pk>/remove-second-step/", users.remove_second_step, name="remove-second-step"),
]

site_urls = [
    path("", sites.sites, name="sites"),
    path("add/", sites.add_site, name="add-site"),
    path("<uuid:pk>/edit/", sites.edit_site, name="edit-site"),
]

urlpatterns = [
    path("account/", include(own_urls)),
    path("users/", include(user_urls)),
    path("sites/", include(site_urls)),
]
