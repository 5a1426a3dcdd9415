"""What the commands say of an evaluation."""

from __future__ import annotations

from typing import Any


def summary(evaluation: Any) -> dict[str, Any]:
    """The figures of an evaluation without those of single episodes."""
    return {key: value for key, value in evaluation.to_json().items() if key not in ("returns", "lengths")}


def sentence(evaluation: Any) -> str:
    """The same in words."""
    text = (
        f"mean return {evaluation.mean_return:.4g} ± {evaluation.std_return:.4g} "
        f"(spread over {evaluation.episodes} episodes), mean length {evaluation.mean_length:.4g}"
    )
    if evaluation.exact is None:
        return text
    exact = evaluation.exact
    known = "" if exact.mean_return is None else f"exact mean return {exact.mean_return:.6g}, "
    return f"{text}; {known}distance from the optimum {exact.distance:.4g} at discount {exact.discount:g}"
