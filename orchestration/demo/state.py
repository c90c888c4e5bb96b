"""Which programme a platform holds, and a key for each of its companies: `<IMPACT_HOME>/demo.json`."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from orchestration.demo.population import Population
from orchestration.demo.window import Window
from orchestration.stack.errors import PlatformError


@dataclass(frozen=True)
class CompanyKey:
    company_id: UUID
    name: str
    api_key: str

    def __repr__(self) -> str:
        return f"CompanyKey({self.company_id})"


@dataclass(frozen=True)
class DemoState:
    """Written before anything is sent, so that an interrupted demo goes on as the same programme."""

    seed: int
    scale: float
    now: date
    keys: tuple[CompanyKey, ...]

    @property
    def population(self) -> Population:
        return Population(self.seed, self.scale, Window(self.now))

    def save(self, path: Path) -> None:
        """Replace the file as a whole; only its owner can read it."""
        content = {
            "seed": self.seed,
            "scale": self.scale,
            "now": self.now.isoformat(),
            "company_id": str(self.keys[0].company_id),
            "api_key": self.keys[0].api_key,
            "companies": [
                {"company_id": str(key.company_id), "name": key.name, "api_key": key.api_key}
                for key in self.keys
            ],
        }
        part = path.with_name(path.name + ".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file, indent=2)
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> DemoState | None:
        """The programme this platform holds; None if it holds none yet."""
        try:
            content = json.loads(path.read_text("utf-8"))
            return cls(
                seed=int(content["seed"]),
                scale=float(content["scale"]),
                now=date.fromisoformat(content["now"]),
                keys=tuple(
                    CompanyKey(UUID(key["company_id"]), key["name"], key["api_key"])
                    for key in content["companies"]
                ),
            )
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise PlatformError(
                f"{path} cannot be read ({type(error).__name__}); remove it and run `impact demo` again,"
                " which makes new keys and changes no number"
            ) from None


def programme_of(path: Path, *, seed: int, scale: float, now: date | None, today: date) -> Population:
    """The programme to show: the one the platform holds, if it is the one asked for, else a new one.

    A platform holds one programme: a second one would mix with the first, and no number would be right.
    """
    held = DemoState.load(path)
    if held is None:
        return Population(seed, scale, Window(now or today))
    if (held.seed, held.scale, held.now) != (seed, scale, now or held.now):
        raise PlatformError(
            f"this platform holds the demo programme of --seed {held.seed} --scale {held.scale:g}"
            f" --now {held.now}, and another one would mix with it; ask for that one again,"
            " or start a second platform with another IMPACT_HOME"
        )
    return held.population
