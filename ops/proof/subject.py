"""What a proof is about: the account, and each endpoint with the code behind it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ops.live.region import LiveRegion
from plan.fields import TransportName
from plan.names import FUNCTION_ARN_OUTPUT
from plan.target import is_embedded
from probe.https_endpoint import endpoint_url


class ProvenEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """What mParticle calls, its `target` an ARN or a URL, and the version that answers there."""

    target: str
    function: str
    version: int
    code: str


class ProofSubject(msgspec.Struct, frozen=True, kw_only=True):
    """The endpoints of one region, by transport, and the account that they are in."""

    account: str
    endpoints: dict[TransportName, ProvenEndpoint]

    @property
    def is_embedded(self) -> bool:
        """Whether this is on the embedded AWS, which proves nothing about AWS."""
        return is_embedded(self.account)

    def differences_from(self, proven: ProofSubject) -> Iterator[str]:
        """Say why what was proven then is not this."""
        if proven.account != self.account:
            yield f"the proof is of account {proven.account}, not of {self.account}."
            return
        for transport, endpoint in self.endpoints.items():
            then = proven.endpoints.get(transport)
            if then is None:
                yield f"nothing is proven over {transport}."
            elif then.target != endpoint.target:
                yield f"the proof is of {then.target}, not of {endpoint.target}."
            elif (then.version, then.code) != (endpoint.version, endpoint.code):
                yield f"other code runs now than was proven over {transport}."


def subject_of(live: LiveRegion) -> ProofSubject:
    """Read what is live. Raises `CommandError` where nothing is."""
    endpoints: dict[TransportName, ProvenEndpoint] = {}
    for it in live.endpoints:
        transport: TransportName = "https" if it.role == "https" else "lambda"
        endpoints[transport] = ProvenEndpoint(
            target=endpoint_url(live.stack)
            if transport == "https"
            else live.stack.output(FUNCTION_ARN_OUTPUT),
            function=it.name,
            version=it.current.number,
            code=it.current.code,
        )
    return ProofSubject(account=live.endpoints[0].arn.split(":")[4], endpoints=endpoints)
