"""The flat error object [docs: charge-api 1.11] and the errors that the sandbox answers with."""

import json
from dataclasses import dataclass, field
from typing import Final

_DOC: Final = "https://docs.chargeapi.co/errors"

INVALID_REQUEST: Final = "invalid_request_error"
AUTHENTICATION: Final = "authentication_error"
RATE_LIMIT: Final = "rate_limit_error"
API: Final = "api_error"
PERMISSION: Final = "permission_error"


@dataclass
class ApiError(Exception):
    """An answer that refuses. ``type`` beyond the two documented ones is our wording [unknown]."""

    status: int
    message: str
    code: str | None = None
    param: str | None = None
    type: str = INVALID_REQUEST
    headers: dict[str, str] = field(default_factory=dict)

    def body(self, request: str) -> bytes:
        """The error object; ``request`` is the id of the request that it answers."""
        document = {
            "code": self.code,
            "doc_url": f"{_DOC}#{self.code}" if self.code else _DOC,
            "message": self.message,
            "object": "error",
            "param": self.param,
            "request": request,
            "status": self.status,
            "type": self.type,
        }
        return json.dumps(document, separators=(",", ":")).encode()


def unauthenticated(message: str) -> ApiError:
    """401: no key, or not the sandbox's [docs]."""
    return ApiError(401, message, type=AUTHENTICATION)


def missing(kind: str, status: int = 404) -> ApiError:
    """404 ``<kind>_not_found``; a path id counts as the parameter at fault [docs]."""
    return ApiError(status, f"{kind.replace('_', ' ').capitalize()} not found.", f"{kind}_not_found", kind)


def invalid(param: str | None, message: str, status: int = 400) -> ApiError:
    """A parameter of a reservation call is at fault."""
    return ApiError(status, message, "reservation_invalid_input", param)
