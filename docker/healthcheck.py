"""Whether the web server in this container answers; exits with 0 when it does."""

import http.client
import os

host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
connection.request("GET", "/healthz", headers={"Host": host})
raise SystemExit(connection.getresponse().status != 200)
