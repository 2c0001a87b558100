from django.urls import path

from supervision.views import oversight

# supervision/
urlpatterns = [
    path("people/<uuid:pk>/open/", oversight.ask_to_open, name="ask-to-open"),
    path("opened/", oversight.openings, name="openings"),
    path("opened/mine/", oversight.my_openings, name="my-openings"),
    path("opened/<uuid:pk>/", oversight.opening, name="opening"),
    path("opened/<uuid:pk>/approve/", oversight.approve_opening, name="approve-opening"),
    path("opened/<uuid:pk>/decline/", oversight.decline_opening, name="decline-opening"),
    path("opened/<uuid:pk>/close/", oversight.close_opening, name="close-opening"),
    path("opened/<uuid:pk>/records/", oversight.opened_records, name="opened-records"),
]
