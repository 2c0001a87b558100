from django.urls import path

from design import views

app_name = "design"

urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("form/", views.form, name="form"),
    path("survival.svg", views.survival, name="survival"),
    path("funnel.svg", views.funnel, name="funnel"),
]
