"""`pytest --rlenvs-env TARGET`: one test per check and target, in any project.

Without the option this module costs nothing: it imports pytest and nothing else. A check is waived with a reason
either in the ini file,

    [pytest]
    rlenvs_waive =
        undeclared-mode-refused: the window library refuses it itself
        my_package/Env-v0 reward-scale: rewards are prices

or by `--rlenvs-waive "NAME: REASON"`, or, where the environment is registered or made in a test module, by
`pytestmark = pytest.mark.rlenvs_waive("NAME", reason="…")` in a conftest.py or module, which holds for all targets.
"""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rlenvs.conformance.catalogue import Check
    from rlenvs.conformance.runner import Session


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options and the ini settings."""
    group = parser.getgroup("rlenvs", "conformance of Gymnasium environments")
    group.addoption(
        "--rlenvs-env",
        action="append",
        default=[],
        metavar="TARGET",
        help="check an environment: an id, module:ns/Name-v0 or module:callable (repeatable)",
    )
    group.addoption("--rlenvs-full", action="store_true", help="take about a minute per environment, not seconds")
    group.addoption("--rlenvs-seed", type=int, default=0, metavar="N", help="where the seeds start (default 0)")
    group.addoption(
        "--rlenvs-waive",
        action="append",
        default=[],
        metavar="'NAME: REASON'",
        help="do not run a check, for the reason given (repeatable)",
    )
    parser.addini("rlenvs_envs", "targets that are checked in every run", type="linelist", default=[])
    parser.addini("rlenvs_waive", "waived checks, '[TARGET ]NAME: REASON' per line", type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker."""
    config.addinivalue_line(
        "markers", "rlenvs_waive(check, reason): do not run a conformance check, for the reason given"
    )


def targets_of(config: pytest.Config) -> list[str]:
    """The environments to check, each once."""
    named = [*config.getini("rlenvs_envs"), *config.getoption("--rlenvs-env")]
    return list(dict.fromkeys(named))


@pytest.hookimpl(trylast=True)
def pytest_collection(session: pytest.Session) -> None:
    """Remembers that nothing was added yet; collection may run more than once in a process."""
    session.config.stash[_ADDED] = False


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Adds the tests of every target behind the project's own."""
    targets = targets_of(config)
    if not targets or config.stash.get(_ADDED, False):
        return
    config.stash[_ADDED] = True
    wanted = _waivers(config, items)
    for target in targets:
        _resolve(config, target)
        collector = EnvironmentNode.from_parent(session, name=target, nodeid=f"rlenvs-env {target}", target=target)
        items.extend(collector.tests(wanted))


def _resolve(config: pytest.Config, target: str) -> None:
    """Makes sure that a target exists before any test runs; modules of the project itself can be named.

    Raises:
        pytest.UsageError: It does not.
    """
    from rlenvs.conformance.target import Maker

    here = str(config.invocation_params.dir)
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        Maker(target)
    except Exception as error:
        text = f"--rlenvs-env {target!r} cannot be checked: {type(error).__name__}: {error}"
        raise pytest.UsageError(text) from error


_ADDED = pytest.StashKey[bool]()


def _waivers(config: pytest.Config, items: list[pytest.Item]) -> list[tuple[str, str, str]]:
    """(target or "", check, reason) of every waiver.

    Raises:
        pytest.UsageError: A waiver has no reason or names no check.
    """
    from rlenvs.conformance.catalogue import CATALOGUE
    from rlenvs.conformance.runner import waivers

    found = [_parsed(text) for text in (*config.getini("rlenvs_waive"), *config.getoption("--rlenvs-waive"))]
    for item in items:
        for mark in item.iter_markers("rlenvs_waive"):
            name = str(mark.args[0]) if mark.args else str(mark.kwargs.get("check", ""))
            reason = str(mark.args[1] if len(mark.args) > 1 else mark.kwargs.get("reason", ""))
            found.append(("", name, reason))
    for _, name, reason in found:
        if name not in CATALOGUE:
            try:
                waivers([name])
            except ValueError as error:
                raise pytest.UsageError(str(error).replace("`waive`", "rlenvs_waive")) from error
        if not reason:
            raise pytest.UsageError(f"rlenvs_waive: {name!r} needs a reason, write '{name}: why it does not apply'")
    return found


def _parsed(text: str) -> tuple[str, str, str]:
    head, separator, reason = text.partition(": ")
    target, _, name = head.rstrip(":").strip().rpartition(" ")
    return target.strip(), name.strip(), reason.strip() if separator else ""


class EnvironmentNode(pytest.Collector):
    """One environment; its tests share what the first of them learns.

    Args:
        target: The environment, as named on the command line.
    """

    def __init__(self, *, target: str, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.target = target
        self._session: Session | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """The tests of this environment, nothing waived."""
        return iter(self.tests([]))

    def tests(self, waived: list[tuple[str, str, str]]) -> list[pytest.Item]:
        """One test per check."""
        from rlenvs.conformance.runner import all_checks

        made: list[pytest.Item] = []
        for check in all_checks():
            test = CheckItem.from_parent(self, name=check.name, check=check)
            reasons = [r for target, name, r in waived if name == check.name and target in ("", self.target)]
            if reasons:
                test.add_marker(pytest.mark.skip(reason=f"waived: {reasons[0]}"))
            made.append(test)
        return made

    def conformance(self) -> "Session":
        """The session of checks, made when the first test runs."""
        if self._session is None:
            from rlenvs.conformance.runner import Session

            option = self.config.getoption
            self._session = Session(self.target, seed=option("--rlenvs-seed"), full=option("--rlenvs-full"))
        return self._session

    def teardown(self) -> None:
        """Closes the environments."""
        if self._session is not None:
            self._session.close()
            self._session = None


class Found(Exception):  # noqa: N818  # an outcome, not an error
    """A check found something; the text is the whole finding."""


class CheckItem(pytest.Item):
    """One check of one environment.

    Args:
        check: The check.
    """

    def __init__(self, *, check: "Check", **keywords: Any) -> None:
        super().__init__(**keywords)
        self.check = check
        self.user_properties += [("severity", check.severity), ("purpose", check.purpose)]

    def runtest(self) -> None:
        """Runs the check: errors fail, advice warns, undecided and inapplicable checks are skipped."""
        if not isinstance(self.parent, EnvironmentNode):
            raise TypeError("a check belongs to an environment")
        outcome = self.parent.conformance().run(self.check)
        if outcome.inconclusive is not None:
            pytest.skip(f"inconclusive: {outcome.inconclusive}")
        if outcome.not_applicable is not None:
            pytest.skip(f"not applicable: {outcome.not_applicable}")
        errors = [str(finding) for finding in outcome.findings if finding.severity == "error"]
        for finding in outcome.findings:
            if finding.severity == "advice":
                self.warn(ConformanceAdvice(f"{self.parent.target}: {finding}"))
        if errors:
            raise Found("\n\n".join(errors))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The finding itself, without a traceback through the suite."""
        if isinstance(excinfo.value, Found):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """What test reports call this test."""
        target = self.parent.target if isinstance(self.parent, EnvironmentNode) else ""
        return self.path, 0, f"rlenvs {target} {self.check.name}"


class ConformanceAdvice(pytest.PytestWarning):
    """Legal but harmful: shown among the warnings, it fails no test."""
