"""The command group: what is listed, what is loaded when, and what a mistake gets."""

import importlib.util
import os
import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from rlenvs.cli import app, run

MISTAKES = {
    "unknown command": (["lis"], "Did you mean 'list'?"),
    "unknown command, nothing near": (["zzz"], "There are list, check, solve"),
    "unknown option": (["list", "--jsn"], "--jsn"),
    "missing argument": (["solve"], "Help: rlenvs solve --help"),
    "too many arguments": (["list", "x"], "x"),
    "not a number": (["solve", "rlenvs/GridWorld-v0", "--discount", "much"], "--discount"),
    "discount too large": (["solve", "rlenvs/GridWorld-v0", "--discount", "1.5"], "`discount` must lie in [0, 1]"),
    "horizon 0": (["solve", "rlenvs/GridWorld-v0", "--horizon", "0"], "`horizon`"),
    "misspelt id": (["solve", "rlenvs/GridWord-v0"], "GridWorld"),
    "no namespace": (["solve", "GridWorld-v0"], "Did you mean rlenvs/GridWorld-v0?"),
    "no namespace, misspelt": (["solve", "Snak-v0"], "Did you mean rlenvs/Snake-v0?"),
    "unknown namespace": (["solve", "nothing/GridWorld-v0"], "`rlenvs list` shows"),
    "unknown version": (["solve", "rlenvs/GridWorld-v9"], "v9"),
    "unknown module": (["solve", "nothing_of_this_name:x/Y-v0"], "nothing_of_this_name"),
    "no model": (["solve", "rlenvs/Snake-v0"], "cannot be solved exactly"),
    "unknown setting": (["solve", "rlenvs/GridWorld-v0", "-k", "slp=1"], "Did you mean 'slip'?"),
    "setting without a value": (["solve", "rlenvs/GridWorld-v0", "-k", "slip"], "takes name=value"),
    "bad value of a setting": (["solve", "rlenvs/GridWorld-v0", "-k", "slip=3"], "`slip` must be a probability"),
    "unknown policy": (["solve", "rlenvs/GridWorld-v0", "--policy", "best"], "--policy"),
    "no picture file": (["solve", "rlenvs/GridWorld-v0", "--png", "grid.gif"], ".png"),
    "no such folder": (["solve", "rlenvs/GridWorld-v0", "--png", "no/such/folder/grid.png"], "folder"),
}


@pytest.fixture
def one_command(monkeypatch):
    """Replace the table of commands by one command."""

    def install(target):
        points = {"broken": EntryPoint("broken", target, app.GROUP)}
        monkeypatch.setattr(app, "commands", lambda: points)

    return install


@pytest.mark.parametrize(("arguments", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_gets_one_sentence_and_status_2(arguments, says, capsys):
    assert run(arguments) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith("rlenvs: ")
    assert written.err.count("\n") == 1
    assert says in written.err


def test_help_lists_every_command_with_a_line_of_its_own(capsys):
    assert run(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name in app.commands():
        (line,) = [line for line in lines if line.strip("│ ").startswith(f"{name} ")]
        assert len(line.strip("│ ").split()) > 2
        assert "Not available" not in line


def test_no_arguments_is_help(capsys):
    run(["--help"])
    wanted = capsys.readouterr().out
    assert run([]) == 0
    assert capsys.readouterr().out == wanted


@pytest.mark.parametrize("name", app.commands())
def test_help_of_every_command_has_an_example(name, capsys):
    assert run([name, "--help"]) == 0
    written = capsys.readouterr().out
    assert "Example" in written
    assert f"rlenvs {name}" in written.partition("Example")[2]
    assert "Args:" not in written


def test_commands_come_in_the_order_of_use():
    names = list(app.commands())
    assert [name for name in app.ORDER if name in names] == names


def test_version(capsys):
    import rlenvs

    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"rlenvs {rlenvs.__version__}\n"


@pytest.mark.parametrize("how", ["before", "after", "variable"])
def test_debug_shows_the_traceback(how, monkeypatch):
    words = ["solve", "rlenvs/GridWorld-v0", "--discount", "7"]
    if how == "variable":
        monkeypatch.setenv("RLENVS_DEBUG", "1")
    else:
        words = ["--debug", *words] if how == "before" else [*words, "--debug"]
    with pytest.raises(ValueError, match="discount"):
        run(words)


def test_a_command_that_needs_an_extra_names_it(one_command, monkeypatch, tmp_path, capsys):
    (tmp_path / "needs_torch.py").write_text("import stable_baselines3\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "stable_baselines3", None)
    one_command("needs_torch:command")
    assert run(["broken", "rlenvs/GridWorld-v0", "--steps", "3"]) == 2
    assert 'pip install "rlenvs[sb3]"' in capsys.readouterr().err
    assert run(["--help"]) == 0
    assert 'pip install "rlenvs[sb3]"' in " ".join(capsys.readouterr().out.replace("│", " ").split())


def test_a_command_whose_package_is_gone_says_so(one_command, capsys):
    one_command("a_package_that_was_removed.commands:command")
    assert run(["broken"]) == 2
    assert "a_package_that_was_removed" in capsys.readouterr().err


def test_a_fault_of_ours_is_not_hidden(one_command, monkeypatch, tmp_path):
    (tmp_path / "faulty_command.py").write_text('def command():\n    """Fail."""\n    raise ZeroDivisionError\n')
    monkeypatch.syspath_prepend(tmp_path)
    one_command("faulty_command:command")
    with pytest.raises(ZeroDivisionError):
        run(["broken"])


@pytest.mark.parametrize(("body", "status"), [("return 1", 1), ("return True", 0), ("return None", 0)])
def test_a_number_that_a_command_returns_is_the_status(body, status, one_command, monkeypatch, tmp_path):
    name = f"returns_{body.split()[1].lower()}"
    (tmp_path / f"{name}.py").write_text(f'def command():\n    """Return."""\n    {body}\n')
    monkeypatch.syspath_prepend(tmp_path)
    one_command(f"{name}:command")
    assert run(["broken"]) == status


def test_ctrl_c_stops_quietly(one_command, monkeypatch, tmp_path, capsys):
    (tmp_path / "interrupted.py").write_text('def command():\n    """Stop."""\n    raise KeyboardInterrupt\n')
    monkeypatch.syspath_prepend(tmp_path)
    one_command("interrupted:command")
    assert run(["broken"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_help_text_keeps_brackets_and_drops_google_sections():
    def command():
        """Do it with ``pip install "x[y]"``.

        Args:
            env: not for readers of help.
        """

    assert app.help_text(command) == r'Do it with pip install "x\[y]".'


def test_python_dash_m_and_the_script_are_the_same():
    by_module = subprocess.run(
        [sys.executable, "-m", "rlenvs", "list", "--json"], capture_output=True, text=True, check=True
    )
    script = os.path.join(os.path.dirname(sys.executable), "rlenvs")
    by_script = subprocess.run([script, "list", "--json"], capture_output=True, text=True, check=True)
    assert by_module.stdout == by_script.stdout
    assert by_module.stderr == by_script.stderr == ""


def test_a_pipe_that_closes_early_is_no_error():
    if importlib.util.find_spec("posix") is None:
        pytest.skip("pipes of this kind are POSIX")
    code = "import sys; from rlenvs.cli import run; sys.exit(run(['solve', 'Taxi-v4', '--json']))"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() in (0, 1)
    process.stderr.close()
