"""What has become of every message, checked whenever something happens to one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


class Broken(AssertionError):  # noqa: N818 - what a promise is
    """Something happened that must never happen; says to which message."""


@dataclass
class Fate:
    """One message of mParticle.

    `copies` are those in the queue, at hand or not; `dead` those in the dead-letter queue. `forks`
    counts what nobody could have known of or prevented: an answer of SQS that was lost after the
    message was stored, a message that SQS handed out twice, an end between storing and deleting.
    """

    number: int
    customer: int
    is_refused: bool = False
    is_poison: bool = False
    is_acknowledged: bool = False
    is_turned_away: bool = False
    sent_at: float = 0.0
    delivered_at: float | None = None
    copies: int = 0
    dead: int = 0
    dead_ever: int = 0
    delivered: int = 0
    tries: int = 0
    forks: int = 0
    keys: set[str] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)


class Ledger:
    """Every fate, by the body of the message, which every copy keeps."""

    def __init__(self, *, attempts: int) -> None:
        self.fates: dict[str, Fate] = {}
        self.lost = 0
        self.breach: str | None = None
        self.most_in_flight = 0
        self.slowest_answer = 0.0
        self._attempts = attempts

    def acknowledged(self, body: str) -> None:
        fate = self.fates[body]
        fate.is_acknowledged = True
        self._check_kept(fate)

    def answered_after(self, seconds: float) -> None:
        """Note how long mParticle waited for an answer, of the function's own time."""
        self.slowest_answer = max(self.slowest_answer, seconds)

    def turned_away(self, body: str) -> None:
        """Note that mParticle was told that the message is refused for good."""
        fate = self.fates[body]
        fate.is_turned_away = True
        if not fate.is_refused:
            self._break(f"{fate.number} was refused, though the partner would take it")

    def tried(self, body: str, *, inline: bool) -> Fate:
        """Note a try; one inline is mParticle's, which the worker knows nothing of."""
        fate = self.fates[body]
        if inline:
            return fate
        fate.tries += 1
        bound = (self._attempts + 2) * (1 + fate.forks)
        if fate.tries > bound:
            self._break(f"{fate.number} is tried for the {fate.tries}th time; forks: {fate.forks}")
        return fate

    def delivered(self, body: str, key: str, now: float) -> None:
        fate = self.fates[body]
        if fate.is_refused:
            self._break(f"{fate.number} is delivered, though it was refused")
        fate.delivered += 1
        if fate.delivered_at is None:
            fate.delivered_at = now
        fate.keys.add(key)
        if len(fate.keys) > 1:
            self._break(f"{fate.number} has two keys: {fate.keys}")

    def stored(self, body: str, *, dead: bool, reason: str | None) -> None:
        fate = self.fates[body]
        if not dead:
            fate.copies += 1
            return
        fate.dead += 1
        fate.dead_ever += 1
        if fate.dead_ever > 1 + fate.forks:
            self._break(f"{fate.number} is a dead letter for the {fate.dead_ever}th time")
        if reason:
            fate.reasons.append(reason)
        else:
            self._break(f"{fate.number} is a dead letter without a reason")

    def removed(self, body: str, *, dead: bool) -> None:
        fate = self.fates[body]
        if dead:
            fate.dead -= 1
        else:
            fate.copies -= 1
        self._check_kept(fate)

    def redriven(self, body: str) -> None:
        """Note that an operator sends a dead letter back: it has its attempts again."""
        self.fates[body].forks += 1

    def account(self) -> Counter[str]:
        """Count at the end."""
        total: Counter[str] = Counter()
        for fate in self.fates.values():
            total["sent"] += 1
            total["acknowledged"] += fate.is_acknowledged
            total["delivered"] += fate.delivered > 0
            total["duplicates"] += max(0, fate.delivered - 1)
            total["tries"] += fate.tries
            total["dead"] += fate.dead > 0
            total["queued"] += fate.copies > 0
            total["refused"] += fate.is_turned_away
        total["lost"] = self.lost
        return total

    def check(self) -> None:
        """Raise `Broken` at the first promise that was broken, whoever caught it meanwhile."""
        if self.breach:
            raise Broken(self.breach)

    def _break(self, what: str) -> None:
        self.breach = self.breach or what

    def _check_kept(self, fate: Fate) -> None:
        """Hold an acknowledged message to be delivered, queued or dead with a reason."""
        if fate.is_acknowledged and not (fate.delivered or fate.copies > 0 or fate.dead > 0):
            self.lost += 1
            self._break(f"{fate.number} was acknowledged and is lost")
