"""The register of mutants: each has one defect, and says which checks are meant to find it."""

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.conformance.mutants.world import World


@dataclass(frozen=True)
class Mutant:
    """One broken environment.

    Attributes:
        name: The defect and the form of the environment.
        make: Makes the environment.
        caught_by: The checks that name this defect; one of them must find it.
        origin: The thread it is written from, or `late` for defects that show late or rarely, or `own`.
        twin: Makes the sound environment of the same form.
    """

    name: str
    make: Callable[..., Any]
    caught_by: tuple[str, ...]
    origin: str
    twin: Callable[..., Any]


FAMILY: dict[str, Mutant] = {}


def mutant(*caught_by: str, origin: str, forms: tuple[str, ...] = ("box",)) -> Callable[[type], type]:
    """Breeds one mutant per form, such as `dict` or `image/continuous` or `discrete//masked`."""

    def breed(trait: type) -> type:
        module = sys.modules[trait.__module__]
        for form in forms:
            arguments = arguments_of(form)
            cls = type(f"{trait.__name__}In{form.title().replace('/', '')}", (trait, World), {"__doc__": trait.__doc__})
            cls.__module__ = trait.__module__
            setattr(module, cls.__name__, cls)
            name = f"{_words(trait.__name__)} ({form})"
            FAMILY[name] = Mutant(
                name, functools.partial(cls, **arguments), caught_by, origin, functools.partial(World, **arguments)
            )
        return trait

    return breed


def whole(name: str, *caught_by: str, origin: str, twin: Callable[..., Any]) -> Callable[[Any], Any]:
    """Enters a function that makes a mutant which is not bred from the stock."""

    def enter(make: Any) -> Any:
        FAMILY[name] = Mutant(name, make, caught_by, origin, twin)
        return make

    return enter


def arguments_of(form: str) -> dict[str, Any]:
    """The constructor arguments that a form stands for."""
    kind, _, rest = form.partition("/")
    control, _, masked = rest.partition("/")
    return {"kind": kind, "control": control or "discrete", "masked": bool(masked)}


def _words(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
