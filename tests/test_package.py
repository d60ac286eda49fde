"""The package as a whole: what it promises, what it imports, what it ships."""

import ast
import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import futureindustry as fi

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "futureindustry"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# A module imports only from modules to its left.
ORDER = (
    "errors", "relation", "formula", "_hanzi", "text", "amounts", "rules", "report", "charts", "model",
    "files", "sssom", "document", "store", "allocation", "mapping", "consistency", "names", "pictures", "memo",
    "changes", "comparison", "specification", "datafiles", "tables", "dataset", "corrections",
    "mentions", "indices", "lint", "formats", "pages", "cli",
)  # fmt: skip
# But for these: module, function, what it reaches for.
EXCEPTIONS = {
    ("model", "Scheme.resolve", "names"),
    ("model", "Scheme.resolve_many", "names"),
    ("model", "Scheme.chart", "pictures"),
    ("mapping", "hub_maps", "names"),
}
# Modules that touch no file, engine or clock, and what of ours they may import.
PURE = {
    "errors": set(),
    "relation": {"errors"},
    "formula": {"errors"},
    "text": {"errors", "_hanzi"},
    "model": {"errors", "relation", "formula"},
}
CONTRACT = {
    "catalog", "load", "read_scheme", "validate", "recode", "correspondence", "read_sssom",
    "relation_between", "diff", "compare", "check", "build_docs", "annotate", "specialisation",
    "export",
}  # fmt: skip


def _files():
    """Give each Python file with the name of the module or folder that it belongs to."""
    for path in sorted(PACKAGE.rglob("*.py")):
        module = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if not module.startswith("__"):
            yield module, path


def imports(module, path):
    """Give what a file imports at run time: module, function, and the name as written."""

    def walk(node, where):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                for other in child.orelse:
                    yield from walk(other, where)
            elif isinstance(child, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
                yield from walk(child, f"{where}.{child.name}" if where else child.name)
            elif isinstance(child, ast.Import):
                yield from ((module, where, name.name) for name in child.names)
            elif isinstance(child, ast.ImportFrom):
                depth = len(path.relative_to(PACKAGE).parts) - child.level
                ours = "futureindustry." if child.level and depth == 0 else ""
                inside = f"futureindustry.{module}." if child.level and depth == 1 else ""
                names = [child.module] if child.module else [name.name for name in child.names]
                yield from ((module, where, (ours or inside) + name) for name in names)
            else:
                yield from walk(child, where)

    yield from walk(ast.parse(path.read_text(encoding="utf-8")), "")


IMPORTS = [found for module, path in _files() for found in imports(module, path)]


def _ours(name):
    package, _, rest = name.partition(".")
    return rest.partition(".")[0] if package == "futureindustry" else ""


def test_the_imports_were_read():
    assert ("lint", "", "futureindustry.mapping") in IMPORTS
    assert ("model", "", "futureindustry.names") not in IMPORTS  # for types alone
    assert any(module == "pages" for module, _, _ in IMPORTS)


def test_every_module_has_its_place_in_the_order():
    assert {module for module, _ in _files()} <= set(ORDER)


def test_modules_import_only_from_modules_before_them():
    upwards = {
        (module, where, other)
        for module, where, name in IMPORTS
        if (other := _ours(name)) in ORDER and ORDER.index(other) > ORDER.index(module)
    }
    assert upwards == EXCEPTIONS


@pytest.mark.parametrize("module", PURE)
def test_the_first_modules_do_no_input_or_output(module):
    mine = [(where, name) for found, where, name in IMPORTS if found == module]
    ours = {_ours(name) for where, name in mine if (module, where, _ours(name)) not in EXCEPTIONS}
    assert ours - {""} <= PURE[module]
    outside = {"os", "io", "pathlib", "time", "datetime", "yaml", "narwhals", "tempfile", "socket"}
    assert not {name.partition(".")[0] for _, name in mine} & outside


def test_engines_and_extras_are_imported_where_they_are_used():
    """Only the command line and the pages need an extra as a whole."""
    extras = {"narwhals", "polars", "pandas", "pyarrow", "duckdb", "fastexcel", "xlsxwriter"}
    at_the_top = {
        (module, name)
        for module, where, name in IMPORTS
        if not where and name.partition(".")[0] in extras
    }
    assert at_the_top == set()
    assert not any(name.partition(".")[0] == "requests" for _, _, name in IMPORTS)


def test_nothing_reaches_for_the_network():
    network = ("urllib.request", "http", "socket", "ssl", "ftplib", "smtplib", "httpx", "requests")
    assert [found for found in IMPORTS if found[2].startswith(network)] == []


def test_no_module_is_named_like_a_public_name():
    modules = {path.stem for path in PACKAGE.iterdir()}
    assert not modules & set(fi.__all__)
    assert not modules & {"export", "annotate", "specialisation"}


@pytest.mark.parametrize("name", fi.__all__)
def test_public_names_resolve_and_are_documented(name):
    found = getattr(fi, name)
    if callable(found):
        assert inspect.getdoc(found)
        assert found.__name__ == name
        assert found.__module__.startswith("futureindustry.")
    assert name in dir(fi)


def test_the_contract_is_public_and_a_wrong_name_is_an_error():
    assert set(fi.__all__) >= CONTRACT
    with pytest.raises(AttributeError, match="lode"):
        fi.lode  # noqa: B018 - the access is the test


def test_type_checkers_see_the_public_names():
    """The table of names and the imports for types agree."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    block = next(
        n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"
    )
    seen = {alias.asname: node.module for node in block.body for alias in node.names}
    assert seen == fi._HOMES


def _modules_after(code):
    """Give the modules that a fresh interpreter has after running code."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_nothing_heavy():
    bare, loaded = _modules_after("pass"), _modules_after("import futureindustry")
    assert "futureindustry" in loaded
    heavy = {
        "attr",
        "attrs",
        "yaml",
        "typing",
        "narwhals",
        "pathlib",
        "importlib.resources",
        "json",
    }
    assert not (loaded - bare) & heavy
    assert {name for name in loaded - bare if name.startswith("futureindustry.")} == set()


def test_resolving_a_label_imports_no_engine():
    loaded = _modules_after(
        "import futureindustry as fi; fi.load('hefei-htz/future-industries').resolve('量子信息')"
    )
    assert not loaded & {
        "narwhals",
        "polars",
        "pandas",
        "pyarrow",
        "click",
        "rich",
        "typing_extensions",
    }


def test_the_dependencies_are_the_few_that_the_core_needs():
    names = {line.partition(">")[0] for line in PROJECT["project"]["dependencies"]}
    assert names == {"attrs", "PyYAML", "narwhals"}
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    extras = PROJECT["project"]["optional-dependencies"]
    # pyspark weighs half a gigabyte, and a cluster brings its own.
    assert extras.keys() - {"all", "spark"} == {
        part for line in extras["all"] for part in line.partition("[")[2].rstrip("]").split(",")
    }


def test_the_script_is_there():
    module, _, name = PROJECT["project"]["scripts"]["futureindustry"].partition(":")
    tree = ast.parse((PACKAGE / f"{module.rpartition('.')[2]}.py").read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_wheel_holds_the_data_where_the_package_looks_for_it():
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["src/futureindustry"]
    assert wheel["force-include"] == {"taxonomy": "futureindustry/taxonomy"}
    assert (PACKAGE / "py.typed").is_file()
    assert {path.resolve() for path in fi.catalog().folders[:1]} == {ROOT / "taxonomy"}
    version = PROJECT["tool"]["hatch"]["version"]["path"]
    assert f'__version__ = "{fi.__version__}"' in (ROOT / version).read_text(encoding="utf-8")
