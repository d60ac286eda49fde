"""
Where the data is and which version holds when: the catalogue.

Folders laid out as `<issuer>/<series>/<version>.yaml`, with `issuers.yaml` and `mappings/`
beside the issuers. The listing comes from file names and parses nothing; schemes and
mappings are read one file at a time, once. Third parties add folders by the environment
variable FUTUREINDUSTRY_CATALOG (several: separated as in PATH) or by an entry point of the
group `futureindustry.catalogs` that names a package whose folder is one. A series comes
from the first folder that has it.
"""

# os.path and scandir: importing pathlib costs a tenth of the import budget.
# ruff: noqa: PTH110, PTH112, PTH118, PTH120, PTH123, PTH206, PTH208

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from .errors import (
    FutureIndustryError,
    InvalidFile,
    InvalidId,
    Place,
    Problem,
    UnknownIssuer,
    UnknownScheme,
    UnreadableData,
    nearest,
)
from .files import read_issuers, read_scheme_file, read_scheme_head
from .model import Issuer, Scheme, Series, first_day, last_day, split_id
from .sssom import MapFile, read_maps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["HUB", "Catalog", "as_scheme", "catalog", "load", "read_scheme"]

HUB = "futureindustry/concepts"
VARIABLE = "FUTUREINDUSTRY_CATALOG"
ENTRY_POINTS = "futureindustry.catalogs"
_NUMBER = r"(?a)(\d+)"
_SERIES = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_VERSION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_YEAR = r"(?a)(?<!\d)(?:19|20)\d\d(?!\d)"


def _own_folder() -> str:
    """Give the shipped data: inside the package when installed, beside it in a checkout."""
    here = os.path.dirname(__file__)
    inside = os.path.join(here, "taxonomy")
    if os.path.isdir(inside):
        return inside
    return os.path.join(os.path.dirname(os.path.dirname(here)), "taxonomy")


def _age(version: str) -> tuple[object, ...]:
    """
    Sort versions by their names alone: by year, then by the numbers in them.

    An undated one comes first, 2017 before 2017-amd1, 14th-2021 before 15th-2026.
    """
    parts = re.split(_NUMBER, version)
    year = re.search(_YEAR, version)
    return (
        not version.startswith("undated"),
        int(year[0]) if year else 0,
        [int(part) if part.isdigit() else -1 for part in parts if part],
        version,
    )


def _names_in(folder: str) -> list[str]:
    """Give the names of what is in a folder, sorted, hidden ones left out; none if it is none."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except (NotADirectoryError, FileNotFoundError):
        return []
    except OSError as error:
        raise UnreadableData(f"{folder} cannot be read: {error.strerror}") from None


class Undisturbed:
    """
    Keeps the garbage collector waiting while many records are made at once.

    Reading a file or judging a column makes thousands of records and no cycle worth looking
    for; measured, the collector takes a fifth of the time of the one and two fifths of the other.
    """

    __slots__ = ("was_on",)

    def __enter__(self) -> None:
        import gc

        self.was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        import gc

        if self.was_on:
            gc.enable()


def _has_entry_points() -> bool:
    """
    Say whether an installed distribution has an entry point of our group.

    A look into the files themselves: `importlib.metadata` takes 60 ms to find that there is
    none, which is the usual case.
    """
    import sys

    group = f"[{ENTRY_POINTS}]".encode()
    for folder in sys.path:
        try:
            names = [
                n for n in os.listdir(folder or ".") if n.endswith((".dist-info", ".egg-info"))
            ]
        except OSError:
            continue
        for name in names:
            try:
                with open(os.path.join(folder, name, "entry_points.txt"), "rb") as file:
                    if group in file.read():
                        return True
            except OSError:
                continue
    return False


class IssuerTable(Mapping[str, Issuer]):
    """Issuers by id; also found by any of their names with `named`."""

    def __init__(self, issuers: Mapping[str, Issuer]) -> None:
        self._issuers = dict(sorted(issuers.items()))
        self._names: dict[str, str | None] | None = None

    def __getitem__(self, id_: str) -> Issuer:
        try:
            return self._issuers[id_]
        except KeyError:
            hint = nearest(id_, self._issuers)
            more = f'; did you mean "{hint[0]}"?' if hint else ""
            raise UnknownIssuer(f'no issuer "{id_}"{more}') from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._issuers)

    def __len__(self) -> int:
        return len(self._issuers)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._issuers

    def named(self, name: str) -> Issuer | None:
        """
        Give the issuer that a name leads to, or None.

        An id or official name goes before other names; a name that two issuers have in
        the same way leads to neither.
        """
        from .text import fold

        found = self._folded().get(fold(name))
        return self._issuers[found] if found else None

    def nearest(self, name: str) -> str | None:
        """Give the known name most like `name`, for a message."""
        return next(iter(nearest(name, (n for i in self._issuers.values() for n in i.names))), None)

    def _folded(self) -> dict[str, str | None]:
        from .text import fold

        if self._names is None:
            found: dict[str, str | None] = {}
            for group in (
                lambda issuer: (issuer.id, *issuer.name.values()),
                lambda issuer: [name for names in issuer.also.values() for name in names],
            ):
                names: dict[str, set[str]] = {}
                for issuer in self._issuers.values():
                    for name in group(issuer):
                        names.setdefault(fold(name), set()).add(issuer.id)
                for key, ids in names.items():
                    found.setdefault(key, next(iter(ids)) if len(ids) == 1 else None)
            self._names = found
        return self._names


class Catalog:
    """
    The schemes that are at hand: iterate for `Series`, `series(id)`, `load(id)`.

    Args:
        folders: Folders with catalogues, besides the shipped one, which comes first.
    """

    def __init__(self, *folders: Path | str) -> None:
        self._own = _own_folder()
        self._folders = [self._own, *(os.fspath(folder) for folder in folders)]
        for folder in self._folders[1:]:
            if not os.path.isdir(folder):
                raise UnreadableData(f"no catalogue folder {folder}; make it or correct the path")
        self._listed = False
        self._looked_for_plugins = False
        self._series: dict[str, tuple[Series, str]] = {}
        self._files: dict[tuple[str, str], list[str]] | None = None
        self._schemes: dict[str, Scheme] = {}
        self._heads: dict[str, Scheme] = {}
        self._maps: dict[str, MapFile] = {}
        self._issuers: IssuerTable | None = None

    def __repr__(self) -> str:
        self._list_all()
        return f"<Catalog of {len(self._series)} series>"

    def __iter__(self) -> Iterator[Series]:
        self._list_all()
        self._add_plugins()
        return iter([found[0] for _, found in sorted(self._series.items())])

    def __len__(self) -> int:
        self._list_all()
        self._add_plugins()
        return len(self._series)

    def _list_all(self) -> None:
        """List every folder; one series alone is found without it."""
        if not self._listed:
            self._listed = True
            for folder in self._folders:
                self._list(folder)

    def _list(self, folder: str) -> None:
        for issuer in _names_in(folder):
            if issuer != "mappings" and "." not in issuer:
                path = os.path.join(folder, issuer)
                for series in _names_in(path):
                    self._list_series(f"{issuer}/{series}", os.path.join(path, series))

    def _list_series(self, id_: str, folder: str) -> None:
        if id_ in self._series or not _SERIES.fullmatch(id_):
            return
        found = [name[:-5] for name in _names_in(folder) if name.endswith(".yaml")]
        versions = sorted(filter(_VERSION.fullmatch, found), key=_age)
        if versions:
            self._series[id_] = (Series(id_, id_.partition("/")[0], tuple(versions)), folder)

    def _mappings(self) -> dict[tuple[str, str], list[str]]:
        """Give the mapping files by the series that they are between."""
        if self._files is None:
            self._files = {}
            for folder in self._folders:
                path = os.path.join(folder, "mappings")
                for name in _names_in(path):
                    stem = name.removesuffix(".sssom.tsv")
                    source, _, target = stem.partition("--")
                    if stem != name and target:
                        ends = (source.replace(".", "/", 1), target.replace(".", "/", 1))
                        key = (ends[0].partition("@")[0], ends[1].partition("@")[0])
                        self._files.setdefault(key, []).append(os.path.join(path, name))
        return self._files

    def _add_plugins(self) -> None:
        """Look for installed catalogues; late, since the search costs 20 ms."""
        self._list_all()
        if self._looked_for_plugins:
            return
        self._looked_for_plugins = True
        if not _has_entry_points():
            return
        from importlib.metadata import entry_points
        from importlib.util import find_spec

        for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda p: p.name):
            try:
                spec = find_spec(point.value)
            except ImportError:
                spec = None
            if spec is None or not spec.submodule_search_locations:
                raise UnreadableData(
                    f'the catalogue "{point.name}" should be in the package {point.value}, which '
                    "is not installed as a folder; install it again, or remove it"
                )
            for location in spec.submodule_search_locations:
                self._folders.append(location)
                self._list(location)
                self._issuers = self._files = None

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders, the shipped one first."""
        from pathlib import Path

        return tuple(map(Path, self._folders))

    @property
    def issuers(self) -> IssuerTable:
        """Issuers by id."""
        if self._issuers is None:
            found: dict[str, Issuer] = {}
            for folder in self._folders:
                path = os.path.join(folder, "issuers.yaml")
                if os.path.exists(path):
                    found = {**read_issuers(path), **found}
            self._issuers = IssuerTable(found)
        return self._issuers

    def _find(self, id_: str) -> tuple[Series, str]:
        for folder in () if id_ in self._series else self._folders:
            self._list_series(id_, os.path.join(folder, *id_.split("/")))
        if id_ not in self._series:
            self._add_plugins()
        try:
            return self._series[id_]
        except KeyError:
            hint = nearest(id_, self._series)
            issuer = id_.partition("/")[0]
            own = [known for known in self._series if known.startswith(f"{issuer}/")]
            if hint:
                more = f'; did you mean "{hint[0]}"? (futureindustry list {issuer})'
            elif own:
                more = f"; {issuer} has {', '.join(own)}"
            else:
                more = " (futureindustry list shows them all)"
            raise UnknownScheme(f'no scheme "{id_}"{more}') from None

    def series(self, id_: str) -> Series:
        """
        Give a series.

        Raises:
            UnknownScheme: With the nearest id.
        """
        return self._find(id_)[0]

    def search(self, text: str) -> list[Series]:
        """Give the series whose id, title or issuer contains `text`, in any language."""
        from .text import fold

        wanted = fold(text)
        found = []
        for series in self:
            head = self.head(f"{series.id}@{series.versions[-1]}")
            issuer = self.issuers[series.issuer].names if series.issuer in self.issuers else ()
            if any(wanted in fold(name) for name in (series.id, *head.title.values(), *issuer)):
                found.append(series)
        return found

    def head(self, id_: str) -> Scheme:
        """
        Give a version without its items: title, dates, sources.

        Args:
            id_: `issuer/series@version`.
        """
        if id_ in self._schemes:
            return self._schemes[id_]
        if id_ not in self._heads:
            path = self._path(id_)
            shown = self._shown(path, 3)
            self._heads[id_] = self._checked(read_scheme_head(path, shown=shown), id_)
        return self._heads[id_]

    def _path(self, id_: str) -> str:
        series_id, version, _ = split_id(id_)
        series, folder = self._find(series_id)
        if version is None or version not in series.versions:
            hint = nearest(version or "", series.versions)
            more = (
                f'did you mean "{hint[0]}"?' if hint else f"there is {', '.join(series.versions)}"
            )
            raise UnknownScheme(f'{series_id} has no version "{version or ""}"; {more}')
        return os.path.join(folder, f"{version}.yaml")

    def _shown(self, path: str, parts: int) -> str:
        """Name a file in messages: the shipped ones by their place in taxonomy/."""
        if not path.startswith(self._own + os.sep):
            return path
        return "/".join(["taxonomy", *path.split(os.sep)[-parts:]])

    @staticmethod
    def _checked(scheme: Scheme, id_: str) -> Scheme:
        if scheme.id != id_:
            place = scheme.place or Place(id_)
            message = f"it says that it is {scheme.id}; the path is the identity: correct one"
            raise InvalidFile([Problem(place, message, "FI218")])
        return scheme

    def load(self, id_: str, *, as_of: str | None = None) -> Scheme:
        """
        Load a scheme.

        Args:
            id_: `issuer/series` for the newest version, or `issuer/series@version`.
            as_of: Date; the version in force at its end (`2024` is the end of 2024).

        Raises:
            UnknownScheme: No such scheme or version, or none in force on that date.
            InvalidId: The id is no id, or is that of an item.
            InvalidDate: `as_of` is no date.
            InvalidFile: Its file is wrong.
        """
        series_id, version, code = split_id(id_)
        if code is not None:
            raise InvalidId(f'"{id_}" names an item; leave out "#{code}" to load its scheme')
        if version is None:
            version = self._version(series_id, as_of)
        elif as_of is not None:
            raise InvalidId(
                f'"{id_}" names a version already; leave out "@{version}" or as_of ({as_of})'
            )
        full = f"{series_id}@{version}"
        if full not in self._schemes:
            path = self._path(full)
            with Undisturbed():
                scheme = read_scheme_file(path, shown=self._shown(path, 3), origin=self)
            self._schemes[full] = self._checked(scheme, full)
        return self._schemes[full]

    def _version(self, series_id: str, as_of: str | None) -> str:
        """Choose by the dates in the files; by the order of their names where there are none."""
        versions = self.series(series_id).versions
        if as_of is None and len(versions) == 1:
            return versions[0]
        dated = []
        for order, version in enumerate(versions):
            head = self.head(f"{series_id}@{version}")
            start = head.valid.start or head.published
            dated.append((first_day(start) if start else "", order, version, head.valid.end))
        dated.sort()
        if as_of is None:
            return dated[-1][2]
        day = last_day(as_of)
        begun = [found for found in dated if found[0] <= day]
        valid = [version for _, _, version, end in begun if end is None or day < first_day(end)]
        if valid:
            return valid[-1]
        if begun:
            what = f"{begun[-1][2]} was the last before and ended on {begun[-1][3]}"
        else:
            what = f"the first is {dated[0][2]}"
        raise UnknownScheme(f"{series_id} has no version valid on {as_of}; {what}")

    def hub(self) -> Scheme:
        """Give the reference hub of concepts, newest version."""
        return self.load(HUB)

    def maps_between(self, a: str, b: str) -> list[tuple[MapFile, bool]]:
        """
        Give the mapping files between two series or schemes.

        Args:
            a: `issuer/series` or `issuer/series@version`.
            b: The same.

        Returns:
            Files, each with whether it runs from b to a and so has to be turned round.
            A file for one version is given only where that version was asked for.
        """
        found = []
        keys = (a.partition("@")[0], b.partition("@")[0])
        for turned, key in ((False, keys), (True, keys[::-1])):
            for path in self._mappings().get(key, ()):
                file = self._read_maps(path)
                ends = (file.target, file.source) if turned else (file.source, file.target)
                if all(
                    "@" not in end or "@" not in asked or end == asked
                    for end, asked in zip(ends, (a, b), strict=True)
                ):
                    found.append((file, turned))
        return found

    def _read_maps(self, path: str) -> MapFile:
        if path not in self._maps:
            with Undisturbed():
                self._maps[path] = read_maps(path, shown=self._shown(path, 2))
        return self._maps[path]

    def map_files(self) -> Iterator[MapFile]:
        """Give all mapping files, in the order of their names."""
        self._add_plugins()
        for path in sorted(path for paths in self._mappings().values() for path in paths):
            yield self._read_maps(path)

    def principal(self, issuer_id: str) -> str:
        """
        Give the id of the series meant when only the issuer is named.

        Raises:
            UnknownScheme: The issuer has no series, or several and none is the principal one.
            UnknownIssuer: No such issuer.
        """
        found = self._of(issuer_id)
        if not found:
            self._add_plugins()
            found = self._of(issuer_id)
        issuer = self.issuers.get(issuer_id)
        if issuer is not None and issuer.main and f"{issuer_id}/{issuer.main}" in found:
            return f"{issuer_id}/{issuer.main}"
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownScheme(
                f"{issuer_id} has several schemes ({', '.join(found)}); pass scheme=, or set "
                '"main" in issuers.yaml'
            )
        name = self.issuers[issuer_id].name
        raise UnknownScheme(f"{issuer_id} ({name}) has no scheme in the catalogue")

    def _of(self, issuer_id: str) -> list[str]:
        return sorted(id_ for id_ in self._series if id_.startswith(f"{issuer_id}/"))


_catalogs: dict[str, Catalog] = {}


def catalog() -> Catalog:
    """
    Give the catalogue: the shipped data and the folders named by FUTUREINDUSTRY_CATALOG.

    Iterate it for `Series`; `.series(id)`, `.load(id)`, `.search(text)`, `.issuers`.

    Raises:
        UnreadableData: A folder named by the variable does not exist.
    """
    named = os.environ.get(VARIABLE, "")
    if named not in _catalogs:
        _catalogs[named] = Catalog(*(part for part in named.split(os.pathsep) if part))
    return _catalogs[named]


def load(scheme: str, *, as_of: str | None = None) -> Scheme:
    """
    Load a scheme from the catalogue.

    Args:
        scheme: `issuer/series` for the newest version, or `issuer/series@version`.
        as_of: ISO 8601 date, may be reduced; the version in force at its end.

    Returns:
        The scheme; the same object on every call.

    Raises:
        UnknownScheme: No such scheme or version, or none in force on that date.
        InvalidFile: Its file is wrong; all problems at once, with their places.

    Examples:
        >>> import futureindustry as fi
        >>> fi.load("hefei-htz/future-industries").title["en"]
        'Future industries of Hefei High-tech Zone'
    """
    return catalog().load(scheme, as_of=as_of)


def read_scheme(path: Path | str) -> Scheme:
    """
    Read a scheme from a file of one's own.

    Args:
        path: A YAML file in the format of the catalogue; large schemes keep their items
            in a CSV of the same name beside it.

    Raises:
        InvalidFile: With all problems of the file: file, line, column, what to do.
    """
    return read_scheme_file(path)


def catalog_of(scheme: Scheme) -> Catalog:
    """Give the catalogue that a scheme was loaded from; for one of one's own, the usual one."""
    return catalog() if scheme.origin is None else scheme.origin


def as_scheme(scheme: Scheme | str, *, as_of: str | None = None) -> Scheme:
    """Give a scheme for a scheme or an id; `as_of` picks the version of an id that names none."""
    if isinstance(scheme, Scheme):
        return scheme
    if not isinstance(scheme, str):
        raise FutureIndustryError(f"a scheme or its id is needed, not {type(scheme).__name__}")
    return load(scheme, as_of=None if "@" in scheme else as_of)
