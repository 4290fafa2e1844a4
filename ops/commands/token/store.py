"""`firehose token store`: a token that is not encrypted, from standard input."""

from __future__ import annotations

from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.output import Format
from ops.tokens.sent import plain_token, typed_token
from ops.tokens.storing import store_everywhere
from ops.tokens.versions import planned_urls


def store_token(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Store a token that is not encrypted, read from standard input, in each region.

    The token before it stays valid until the next one is stored, or `firehose token retire`.
    Running endpoints take over a new one within a minute.

    Example: firehose token store --region us-east-1 < token.txt
    """
    plans = planned_urls(deployment, region)
    token = plain_token(typed_token())
    store_everywhere(plans, token, command="store", form=form)
