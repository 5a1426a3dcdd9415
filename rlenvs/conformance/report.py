"""What a run of the checks says: findings, undecided checks, and the report that holds them."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Severity = Literal["error", "advice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One defect of an environment.

    Attributes:
        check: Name of the check that found it.
        severity: `"error"` breaks a documented contract or corrupts data; `"advice"` is legal but harmful.
        message: What was seen, and where.
        seed: The seed given to `reset` in the episode that shows it.
        harm: The training bug it causes.
        remedy: How to mend it.
        snippet: Python code that shows it again.
    """

    check: str
    severity: Severity
    message: str
    seed: int
    harm: str = ""
    remedy: str = ""
    snippet: str = ""

    def __str__(self) -> str:
        lines = [f"{self.severity.upper()} {self.check}: {self.message}"]
        if self.harm:
            lines.append(f"  in training: {self.harm}")
        if self.remedy:
            lines.append(f"  to mend it: {self.remedy}")
        if self.snippet:
            lines.append("  to see it again:")
            lines.extend(f"    {line}" for line in self.snippet.splitlines())
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Inconclusive:
    """A check that could not decide, and why. It is neither a pass nor an accusation."""

    check: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything one run of the checks found out about one environment.

    Attributes:
        target: The environment, as the caller named it.
        seed: The seed the run started from.
        findings: Defects, errors before advice.
        inconclusive: Checks that could not decide, with the reason.
        passed: Names of the checks that found nothing.
        not_applicable: Name and reason of the checks that do not concern this environment.
        waived: Name and reason of the checks that the caller switched off.
        speed: Calls per second of this environment, and of the reference environment beside it.
        seconds: How long the whole run took.
    """

    target: str
    seed: int
    findings: tuple[Finding, ...] = ()
    inconclusive: tuple[Inconclusive, ...] = ()
    passed: tuple[str, ...] = ()
    not_applicable: dict[str, str] = field(default_factory=dict)
    waived: dict[str, str] = field(default_factory=dict)
    speed: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether nothing of severity error was found."""
        return not self.errors

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings of severity error."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def advice(self) -> tuple[Finding, ...]:
        """The findings of severity advice."""
        return tuple(finding for finding in self.findings if finding.severity == "advice")

    @property
    def undecided(self) -> dict[str, list[str]]:
        """The names of the inconclusive checks by their reason: one cause often stops many."""
        grouped: dict[str, list[str]] = {}
        for item in self.inconclusive:
            grouped.setdefault(item.reason, []).append(item.check)
        return grouped

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data that survives JSON."""
        return {
            "target": self.target,
            "seed": self.seed,
            "ok": self.ok,
            "findings": [asdict(finding) for finding in self.findings],
            "inconclusive": [asdict(item) for item in self.inconclusive],
            "passed": list(self.passed),
            "not_applicable": dict(self.not_applicable),
            "waived": dict(self.waived),
            "speed": dict(self.speed),
            "seconds": round(self.seconds, 3),
        }

    def to_json(self, indent: int | None = 2) -> str:
        """The report as one JSON object."""
        return json.dumps(self.as_dict(), indent=indent)

    def summary(self) -> str:
        """One line: how many errors, how much advice, what was left undecided."""
        return (
            f"{self.target}: {len(self.errors)} error(s), {len(self.advice)} advice, "
            f"{len(self.passed)} passed, {len(self.inconclusive)} inconclusive, "
            f"{len(self.not_applicable)} not applicable, {len(self.waived)} waived, {self.seconds:.1f} s"
        )

    def __str__(self) -> str:
        lines = [str(finding) for finding in self.findings]
        lines += [f"INCONCLUSIVE {reason}: {', '.join(names)}" for reason, names in self.undecided.items()]
        lines += [f"WAIVED {name}: {reason}" for name, reason in self.waived.items()]
        if self.speed:
            lines.append("speed: " + ", ".join(f"{k} {v:,.0f}/s" for k, v in self.speed.items()))
        return "\n".join([*lines, self.summary()])
