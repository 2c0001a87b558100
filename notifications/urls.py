from django.urls import path

from notifications import callbacks
from notifications.views import own, planned, texts

app_name = "notifications"

# messages/
urlpatterns = [
    path("", own.mine, name="mine"),
    path("receipts/", callbacks.receipt, name="receipt"),
    path("how/", own.wishes, name="wishes"),
    path("planned/", planned.planned, name="planned"),
    path("planned/<uuid:pk>/", planned.message, name="planned-message"),
    path("planned/<uuid:pk>/move/", planned.move, name="move"),
    path("planned/<uuid:pk>/words/", planned.words, name="words"),
    path("planned/<uuid:pk>/cancel/", planned.cancel, name="cancel"),
    path("planned/<uuid:pk>/again/", planned.again, name="again"),
    path("texts/", texts.texts, name="texts"),
    path("texts/<slug:key>/", texts.text, name="text"),
    path("texts/<slug:key>/back/<int:number>/", texts.back_to, name="text-back"),
    path("sending/", planned.sending, name="sending"),
    path("<uuid:pk>/", own.open_page, name="open"),
]
