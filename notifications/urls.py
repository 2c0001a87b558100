from django.urls import path

from notifications import views

app_name = "notifications"

# messages/
urlpatterns = [
    path("", views.mine, name="mine"),
    path("how/", views.wishes, name="wishes"),
    path("<uuid:pk>/", views.open_page, name="open"),
]
