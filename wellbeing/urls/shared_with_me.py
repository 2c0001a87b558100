from django.urls import path

from wellbeing.views import shared_with_me as views

# shared-with-me/
urlpatterns = [
    path("", views.shared_with_me, name="shared-with-me"),
    path("weighs/<uuid:pk>/", views.shared_burden, name="shared-burden"),
    path("plan/<uuid:pk>/", views.shared_plan, name="shared-plan"),
]
