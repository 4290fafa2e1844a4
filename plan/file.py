"""Reading a TOML file of the deployment into its model, with everything that is wrong with it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from plan.problems import DeploymentError, Problem, problems_of

Model = TypeVar("Model", bound=BaseModel)


def read(path: Path, model: type[Model]) -> Model:
    """Read a file. Raises `DeploymentError` with all its problems."""
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        problems = problems_of(error, model)
    except OSError as error:
        problems = [Problem(str(path), error.strerror or "no file", "a readable deployment file")]
    except UnicodeDecodeError:
        problems = [Problem(str(path), "bytes that are not UTF-8", "TOML text")]
    except tomllib.TOMLDecodeError as error:
        problems = [Problem(str(path), str(error), "valid TOML")]
    except (ValueError, RecursionError):  # of tomllib, for what TOML allows and Python cannot hold
        problems = [Problem(str(path), "a number or nesting without end", "TOML of ordinary size")]
    raise DeploymentError(path, problems)
