"""By what Acme's service knows a message that it has taken already.

Messages come again: mParticle repeats a call that failed or timed out, and nothing promises that
it keeps the message's id; SQS delivers at least once, and the worker and `firehose redrive` send
again, all of them the message as it first came. So the key is

* of a batch with events, made from the account and the ids of the events, which the app gave them.
  The service should know each event by its id too, for events may come again in another batch.
* of an erasure, made from the account and mParticle's id of the data subject's request.
* of anything else, the message's id. A key made from its content would swallow changes: who enters
  an audience, leaves it and enters again is the same content twice. Under another id such a message
  is taken twice, which does no harm, because it says what is, not what to add.
"""

from __future__ import annotations

from hashlib import sha256

from firehose import DsrProcessingRequest, EventProcessingRequest, Request


def idempotency_key(request: Request) -> str:
    """Make the key, of at most 64 letters and digits; the same for every delivery of a message.

    Only a batch with an event without an id is not known again, for reading gives the event a new
    one each time; mParticle sends none.
    """
    if isinstance(request, EventProcessingRequest) and request.events:
        # Sorted, because events come in no promised order.
        return _made_from(request, *sorted(event.id for event in request.events))
    if isinstance(request, DsrProcessingRequest) and request.subject_request_id:
        return _made_from(request, request.subject_request_id)
    return request.id


def _made_from(request: EventProcessingRequest | DsrProcessingRequest, *ids: str) -> str:
    account = request.account.account_id if request.account else None
    return sha256(ascii((request.type, account, ids)).encode()).hexdigest()
