"""HTTP to the partner's own service while mParticle waits: kept alive, sent once, answered in time.

For integrations; docs/adr/0040 says why it is no whole client. The endpoint calls AWS with it too.
"""

from partner_http.connections import Connections
from partner_http.exchange import Answer

__all__ = ["Answer", "Connections"]
