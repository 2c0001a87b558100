from django.urls import path

from bench.floor import floor
from bench.peak import peak
from lxp.urls import urlpatterns as pages

urlpatterns = [path("floor/", floor, name="floor"), path("peak/", peak, name="peak"), *pages]
