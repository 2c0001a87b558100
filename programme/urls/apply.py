from django.urls import path

from programme.views import apply, my_application, my_offer, slots

# apply/: open to everybody
urlpatterns = [
    path("", apply.rounds, name="apply"),
    path("link/", my_application.send_link, name="send-link"),
    path("<uuid:pk>/", apply.apply_round, name="apply-round"),
    path("<uuid:pk>/save/", apply.save_new, name="apply-save"),
    path("<uuid:pk>/equality/", my_application.equality, name="equality"),
    # The key lets in whoever has it: `lxp.gunicorn` leaves it out of the log.
    path("mine/<str:key>/", my_application.my_application, name="my-application"),
    path("mine/<str:key>/form/", apply.my_form, name="my-form"),
    path("mine/<str:key>/save/", apply.save_mine, name="my-save"),
    path("mine/<str:key>/interview/", slots.my_interview, name="my-interview"),
    path("mine/<str:key>/appointment.ics", slots.my_calendar, name="my-calendar"),
    path("mine/<str:key>/offer/", my_offer.my_offer, name="my-offer"),
    path("mine/<str:key>/offer/decline/", my_offer.decline_offer, name="decline-offer"),
    path("mine/<str:key>/withdraw/", my_application.withdraw, name="withdraw"),
    path("mine/<str:key>/delete/", my_application.drop, name="drop-draft"),
]
