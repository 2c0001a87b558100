from django.urls import path

from bench.floor import floor
from lxp.urls import urlpatterns as pages

urlpatterns = [path("floor/", floor, name="floor"), *pages]
