"""Files and functions stay small enough to be read at one go."""

from __future__ import annotations

from statistics import median

from tests.house_rules.house import TOP, Function, functions, modules

MIGRATIONS = "migrations"


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_files_are_short() -> None:
    lengths = {str(path): len((TOP / path).read_text("utf-8").splitlines()) for path in modules()}
    assert {path: n for path, n in lengths.items() if n > 300 and MIGRATIONS not in path} == {}
    assert median(n for n in lengths.values() if n > 1) <= 80


def test_functions_are_short() -> None:
    sizes = {f"{p}:{f.name}": lines_of(f) for p in modules() if MIGRATIONS not in p.parts for f in functions(p)}
    assert {name: n for name, n in sizes.items() if n > 50} == {}
    assert median(sizes.values()) <= 8


def test_more_than_three_parameters_are_named_in_the_call() -> None:
    crowded = {
        f"{path}:{function.name}"
        for path in modules()
        for function in functions(path)
        if function.name != "__init__"
        and len([a for a in function.args.args if a.arg not in {"self", "cls"}]) > 3
        and MIGRATIONS not in path.parts
    }
    assert crowded == set()
