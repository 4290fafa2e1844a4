"""How mParticle obtains a customer's token for the partner's service."""

from typing import TYPE_CHECKING, TypeAlias

from firehose.model import Integer, Model
from firehose.vocabulary import Vocabulary


class AuthenticationType(Vocabulary):
    """The kinds of authentication."""

    OAUTH2 = "oauth2"


class GrantType(Vocabulary):
    """The OAuth 2 flow."""

    AUTHORIZATION_CODE = "authorization_code"


class AccessTokenType(Vocabulary):
    """Where the token travels: in `Authorization`, or in a header of the partner's choice."""

    BEARER = "bearer"
    CUSTOM_HEADER = "custom_header"


class ScopeDetail(Model):
    """One OAuth 2 scope to ask for. Both fields are required."""

    name: str | None = None
    description: str | None = None


class AuthenticationConfiguration(Model):
    """How mParticle authenticates; OAuth 2 is the only kind."""


class OAuth2Authentication(AuthenticationConfiguration, tag=AuthenticationType.OAUTH2.value):
    """OAuth 2. The client secret is never part of a registration."""

    authorization_url: str | None = None
    """Required. Starts the flow."""
    refresh_url: str | None = None
    """Renews an expired token."""
    token_url: str | None = None
    """Required. Exchanges the code for a token."""
    grant_type: GrantType | None = None
    default_expires_in: Integer | None = None
    """Lifetime of a token in seconds."""
    client_id: str | None = None
    """Required. Public identifier of the client."""
    access_token_type: AccessTokenType | None = None
    custom_header_name: str | None = None
    """Required with `custom_header`."""
    param_client_id_name: str | None = None
    """Replaces the standard parameter name `client_id`."""
    param_secret_name: str | None = None
    """Replaces the standard parameter name `client_secret`."""
    scopes: list[ScopeDetail] = []


if TYPE_CHECKING:
    AnyAuthentication: TypeAlias = AuthenticationConfiguration
else:
    # msgspec reads the tagged class; people read the base class.
    AnyAuthentication = OAuth2Authentication
