"""Single values of a deployment file: their types and what is allowed in them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, Strict

from plan import mparticle
from plan.problems import refusal

UNRESERVED = "unreserved"


class Table(BaseModel):
    """A table of the file: frozen, every key known, no value converted from another type."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True
    )


def _name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", value) or len(value) > 40:
        raise refusal("1 to 40 lower-case letters, digits and single hyphens, a letter first")
    return value


def _account(value: str) -> str:
    if not re.fullmatch(r"\d{12}", value):
        raise refusal("an AWS account number, 12 digits in quotes")
    return value


def _pod(value: str) -> str:
    if value not in mparticle.PODS:
        raise refusal(f"one of {', '.join(mparticle.PODS)}")
    return value


def _region(value: str) -> str:
    regions = dict.fromkeys(pod.region for pod in mparticle.PODS.values())
    if value not in regions:
        raise refusal(f"one of {', '.join(regions)}")
    return value


def distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse an array that names something twice."""
    if len(set(values)) != len(values):
        raise refusal("each entry once")
    return values


def chosen(values: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse an array that is empty or names something twice."""
    if not values:
        raise refusal("at least one entry")
    return distinct(values)


_RUNTIMES = r"python3\.\d+|java\d+|nodejs\d+\.x|dotnet\d+|ruby\d+\.\d+|provided\.al\d+"


def _runtime(value: str) -> str:
    if not re.fullmatch(_RUNTIMES, value):
        raise refusal("a Lambda runtime such as python3.14, java25 or nodejs24.x")
    return value


def _integration(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", value):
        raise refusal("module:Class, such as acme:Acme")
    return value


def _reservation(value: object) -> int | str:
    # bool is an int to Python, but not to the person who wrote `true`
    if value == UNRESERVED or (
        isinstance(value, int) and not isinstance(value, bool) and value > 0
    ):
        return value
    raise refusal(f'an integer of at least 1, or "{UNRESERVED}" to share the account\'s pool')


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", value):
        raise refusal("an e-mail address")
    return value


RESERVED_PREFIXES = ("AWS_", "LAMBDA_", "FIREHOSE_")
"""Of Lambda's runtime and of our own contract with the function (`endpoint.settings`)."""

_CREDENTIAL = re.compile(r"(^|_)(SECRET|TOKEN|PASSWORD|PASSWD|KEY|CREDENTIALS?)$", re.IGNORECASE)


def _variable(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise refusal("letters, digits and underscores, a letter first")
    if name.upper().startswith(RESERVED_PREFIXES):
        raise refusal(f"a name not starting with {', '.join(RESERVED_PREFIXES)}")
    if _CREDENTIAL.search(name):
        raise refusal(
            "no credential, which templates and consoles would show: keep it in Secrets Manager,"
            " or take the customer's from its account settings"
        )
    return name


def _tag(key: str) -> str:
    if not 1 <= len(key) <= 128 or key.lower().startswith("aws:"):
        raise refusal("1 to 128 characters, not starting with aws:")
    return key


LARGEST_ENVIRONMENT_BYTES = 4_096
"""Of all variables of a function: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html.
Lambda measures their JSON text."""
OUR_ENVIRONMENT_BYTES = 1_024
"""What is kept of it for our contract with the function, with names and URLs of the longest."""


def fits(environment: Mapping[str, str], *, key: str = "") -> dict[str, str]:
    """Refuse variables that, with ours, a function cannot have. Quotes none of them.

    `key` is where they are below the validated field.
    """
    most = LARGEST_ENVIRONMENT_BYTES - OUR_ENVIRONMENT_BYTES
    size = len(json.dumps(dict(environment), ensure_ascii=False).encode())
    if size > most:
        raise refusal(
            f"at most {most:,} bytes as JSON for all variables, because Lambda takes"
            f" {LARGEST_ENVIRONMENT_BYTES:,} with ours; keep long values in Parameter Store",
            key=key,
            found=f"{size:,} bytes",
        )
    return dict(environment)


def _traced_id(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value):
        raise refusal("an id: 1 to 64 letters, digits, hyphens and underscores")
    return value


AccountNumber = Annotated[str, AfterValidator(_account)]
PodName = Annotated[str, AfterValidator(_pod), Field(json_schema_extra={"enum": [*mparticle.PODS]})]
TransportName = Literal["lambda", "https"]
RegionName = Annotated[str, AfterValidator(_region)]
# TOML has arrays only; `Strict(False)` lets one become a tuple, its entries stay strict.
AccountNumbers = Annotated[tuple[AccountNumber, ...], Strict(False), AfterValidator(distinct)]
Transports = Annotated[tuple[TransportName, ...], Strict(False), AfterValidator(chosen)]
Name = Annotated[str, AfterValidator(_name)]
TracedId = Annotated[str, AfterValidator(_traced_id)]
Email = Annotated[str, AfterValidator(_email)]
Runtime = Annotated[str, AfterValidator(_runtime)]
Environment = Annotated[
    dict[Annotated[str, AfterValidator(_variable)], str],
    AfterValidator(fits),
]
Tags = dict[Annotated[str, AfterValidator(_tag)], Annotated[str, Field(max_length=256)]]
Integration = Annotated[str, AfterValidator(_integration)]
Reservation = Annotated[
    int | str,
    PlainValidator(
        _reservation, json_schema_input_type=Annotated[int, Field(ge=1)] | Literal["unreserved"]
    ),
]
