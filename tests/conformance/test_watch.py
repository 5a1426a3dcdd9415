"""Calls that do not come back are ended, with signals and without."""

import threading
import time

import pytest

from rlenvs.conformance import check
from rlenvs.conformance.watch import Hang, Watch
from tests.conformance.mutants.world import World


def loop() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(600)


def wait() -> None:
    threading.Event().wait(600)


def swallow() -> None:
    while True:
        try:
            time.sleep(0.01)
        except Exception:
            continue


@pytest.mark.parametrize("hang", [loop, sleep, wait, swallow])
def test_a_hang_is_ended_in_the_main_thread(hang: object) -> None:
    watch = Watch(call_limit=0.3)
    started = time.monotonic()
    with pytest.raises(Hang, match="step"):
        watch.run(lambda: watch.call("step", hang))  # type: ignore[arg-type]
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("hang", [loop, sleep, wait])
def test_a_hang_is_ended_in_another_thread_where_signals_do_not_work(hang: object) -> None:
    caught: list[BaseException] = []

    def work() -> None:
        watch = Watch(call_limit=0.3)
        try:
            watch.run(lambda: watch.call("step", hang))  # type: ignore[arg-type]
        except BaseException as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(15)
    assert len(caught) == 1
    assert isinstance(caught[0], Hang)


def test_what_is_quick_enough_comes_back_with_its_value() -> None:
    watch = Watch(call_limit=5.0)
    assert watch.run(lambda: watch.call("step", lambda a: a + 1, 2)) == 3


def test_errors_pass_through_in_both_ways() -> None:
    watch = Watch(call_limit=5.0)
    with pytest.raises(ZeroDivisionError):
        watch.run(lambda: watch.call("step", lambda: 1 / 0))
    with pytest.raises(ZeroDivisionError):
        watch._run_in_helper(lambda: watch.call("step", lambda: 1 / 0))


class SleepsInStep(World):
    def move(self, action: object) -> None:
        time.sleep(600)


def test_a_hanging_environment_is_a_finding_and_the_run_ends() -> None:
    started = time.monotonic()
    report = check(SleepsInStep, time_limit=2)
    assert [finding.check for finding in report.errors] == ["calls-come-back"]
    assert time.monotonic() - started < 20
