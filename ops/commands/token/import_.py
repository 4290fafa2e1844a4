"""`firehose token import`: the token out of the message that mParticle encrypted."""

from __future__ import annotations

from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.output import Format
from ops.tokens.sent import MessageArgument, WordOption, sent_bytes
from ops.tokens.storing import encrypted_token, store_everywhere
from ops.tokens.versions import planned_urls


def import_token(
    *,
    message: MessageArgument = None,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    word: WordOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Decrypt the message that mParticle sent, and store the token in each region.

    The token goes from memory to Secrets Manager; it is never shown or written to disk. The key is
    that of `firehose token keygen`. Run it again after a failure: what is stored stays.

    Example: firehose token import build/mparticle.asc
    """
    plans = planned_urls(deployment, region)
    token = encrypted_token(sent_bytes(message), deployment, word)
    store_everywhere(plans, token, command="import", form=form)
