from django.urls import path

from wellbeing.views import contact as views

# contact/
urlpatterns = [
    path("", views.my_contact, name="my-contact"),
    path("ask/", views.ask, name="ask-contact"),
    path("waiting/", views.waiting, name="contact-waiting"),
    path("times/", views.duties, name="contact-duties"),
    path("times/add/", views.add_duty, name="add-contact-duty"),
    path("times/<uuid:pk>/", views.edit_duty, name="edit-contact-duty"),
    path("times/<uuid:pk>/remove/", views.remove_duty, name="remove-contact-duty"),
    path("<uuid:pk>/", views.contact, name="contact"),
    path("<uuid:pk>/take-back/", views.withdraw, name="withdraw-contact"),
    path("<uuid:pk>/settled/", views.settle, name="settle-contact"),
    path("<uuid:pk>/delete/", views.delete, name="delete-contact"),
    path("<uuid:pk>/in-touch/", views.in_touch, name="in-touch"),
    path("<uuid:pk>/pass-on/", views.pass_on, name="pass-contact"),
]
