"""Which members of a JSON object a model cannot take, so that the others can still be read."""

from typing import Any

from pydantic import BaseModel, ValidationError


def odd_fields(model: type[BaseModel], raw: dict[str, Any]) -> set[str]:
    """The names that are missing, hold another form than the model's, or are no text (half a character)."""
    broken = {key for key in raw if not _is_text(key)}
    try:
        model.model_validate({key: value for key, value in raw.items() if key not in broken})
    except ValidationError as fault:
        errors = fault.errors(include_url=False, include_context=False, include_input=False)
        return broken | {str(error["loc"][0]) for error in errors if error["loc"]}
    except RecursionError:
        return set(raw)
    return broken


def _is_text(key: str) -> bool:
    try:
        key.encode()
    except UnicodeEncodeError:
        return False
    return True
