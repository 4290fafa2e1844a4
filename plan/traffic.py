"""The traffic table of deployment.toml: what mParticle will send, as mParticle announces it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from plan import mparticle
from plan.fields import Table
from plan.problems import refusal

Rate = Annotated[int, Field(ge=1, le=10_000_000)]


class Traffic(Table):
    """The load of every region, for capacity and costs; nothing deployed depends on it."""

    average_rps: Rate = mparticle.AVERAGE_REQUESTS_PER_SECOND
    """Requests a second; mParticle's form asks partners for this number."""
    peak_rps: Rate = mparticle.PEAK_REQUESTS_PER_SECOND
    p99_ms: Annotated[int, Field(ge=1, le=900_000)] = mparticle.LAMBDA_P99_MS
    """What 99 % of the calls last at most; mParticle's limit until you have measured yours."""
    average_ms: Annotated[int, Field(ge=1, le=900_000)] | None = None
    """What a call lasts on the average that is answered inline, for the costs; half of `p99_ms`
    unset."""
    sent_bytes: Annotated[int, Field(ge=0, le=10_000_000)] = 1_500
    """What the integration sends to your API over the internet for one message, for the costs; 0
    where your API is in the same region of AWS."""
    cold_start_ms: Annotated[int, Field(ge=0, le=60_000)] = 500
    """What the first call of an environment lasts longer."""
    ramp_seconds: Annotated[int, Field(ge=0, le=3_600)] = 60
    """From the average to the peak."""
    queued_percent: Annotated[int, Field(ge=0, le=100)] = 20
    """Share of the calls whose message is queued, where something is."""
    delivery_ms: Annotated[int, Field(ge=1, le=900_000)] = 100
    """What the integration takes for one queued message."""
    other_reserved: Annotated[int, Field(ge=0)] = 0
    """Concurrency that other functions of the account reserve in the region."""

    @property
    def inline_ms(self) -> int:
        """What a call lasts on the average, whether it was measured or not."""
        return self.average_ms or max(1, self.p99_ms // 2)

    @field_validator("peak_rps")
    @classmethod
    def _at_least_the_average(cls, peak: int, info: ValidationInfo) -> int:
        average = info.data.get("average_rps", 0)
        if peak < average:
            raise refusal(f"at least average_rps, {average}")
        return peak
