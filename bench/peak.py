"""How much memory a worker has had at most, for whoever measures it."""

import os
import resource
import sys

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

UNIT = 1 if sys.platform == "darwin" else 1024


@login_not_required
def peak(_request: HttpRequest) -> HttpResponse:
    """The process and its peak resident size in bytes."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT
    return HttpResponse(f"{os.getpid()} {size}", content_type="text/plain")
