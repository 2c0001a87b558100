"""The one address that another service calls; its token stands for the one of a form."""

import json
import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications.receipts import receive

MOST_BYTES = 10_000  # some ten times what Notify sends


# Another service has no form of ours and no session; this looks at no cookie, so that a browser
# that is made to call it brings nothing along that could count. Who calls shows it by the token.
@csrf_exempt
@login_not_required
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """What GOV.UK Notify says of a message; it shows by its token that it is Notify.

    Nothing is read from whoever has no token. A message that is not here is answered as one that
    is, so that the answer tells of none; nothing of what is said is logged.
    """
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    expected = settings.NOTIFY.callback_token
    if scheme != "Bearer" or not expected or not constant_time_compare(given, expected):
        return HttpResponse(status=403)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        said = json.loads(request.body)
        reference, status = uuid.UUID(str(said["reference"])), str(said["status"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return HttpResponse(status=400)
    receive(reference, status, timezone.now())
    return HttpResponse(status=204)
