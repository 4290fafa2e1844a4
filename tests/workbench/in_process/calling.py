"""An integration that calls its API, read from the environment."""

from __future__ import annotations

CALLS_ITS_API = """
    URL = os.environ["ACME_URL"]  # read while the code is loaded, as many do

    def process_event_processing_request(self, request):
        post(f"{self.URL}/events", b"{}")
        return super().process_event_processing_request(request)

    def process_audience_membership_change_request(self, request):
        status = post(f"{self.URL}/audiences", b"{}")
        if status == 401:
            raise InvalidCredentials("no")
        if status >= 400:
            raise RetryableError("later", retry_after_seconds=60)
        return super().process_audience_membership_change_request(request)
"""
ACME_URL = {"ACME_URL": "https://api.acme.example/v1"}
