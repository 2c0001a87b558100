from django.urls import path

from bench.floor import floor, save
from bench.peak import peak
from lxp.urls import urlpatterns as pages

urlpatterns = [
    path("floor/", floor, name="floor"),
    path("floor/save/", save, name="floor-save"),
    path("peak/", peak, name="peak"),
    *pages,
]
