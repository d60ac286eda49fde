"""
Where the data is and which version holds when: the catalogue.

Folders laid out as `<issuer>/<series>/<version>.yaml`, with `issuers.yaml` and `mappings/`
beside the issuers. The listing comes from file names and parses nothing; schemes and
mappings are read one file at a time, once. Third parties add folders by the environment
variable FUTUREINDUSTRY_CATALOG (several: separated as in PATH) or by an entry point of the
group `futureindustry.catalogs` that names a package whose folder is one. A series comes
from the first folder that has it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from .errors import (
    FutureIndustryError,
    InvalidId,
    UnknownIssuer,
    UnknownScheme,
    UnreadableData,
    nearest,
)
from .files import (
    MapFile,
    read_issuers,
    read_maps,
    read_scheme_file,
    read_scheme_head,
)
from .model import Issuer, Scheme, Series, Validity, first_day, last_day, split_id

__all__ = ["HUB", "Catalog", "as_scheme", "catalog", "load", "read_scheme"]

HUB = "futureindustry/concepts"
VARIABLE = "FUTUREINDUSTRY_CATALOG"
ENTRY_POINTS = "futureindustry.catalogs"
_NUMBER = re.compile(r"(\d+)")


def _own_folder() -> Path:
    """Give the shipped data: inside the package when installed, beside it in a checkout."""
    here = Path(__file__).parent
    inside = here / "taxonomy"
    return inside if inside.is_dir() else here.parent.parent / "taxonomy"


def _age(version: str) -> tuple[object, ...]:
    """Sort versions by the numbers in their names; an undated one comes first."""
    parts = _NUMBER.split(version)
    return (version != "undated", [int(p) if p.isdigit() else -1 for p in parts if p], parts)


class IssuerTable(Mapping[str, Issuer]):
    """Issuers by id; also found by any of their names with `named`."""

    def __init__(self, issuers: Mapping[str, Issuer]) -> None:
        self._issuers = dict(sorted(issuers.items()))
        self._names: dict[str, str] | None = None

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
        """Give the issuer that a name leads to, or None."""
        from .text import fold

        found = self._folded().get(fold(name))
        return self._issuers[found] if found else None

    def nearest(self, name: str) -> str | None:
        """Give the known name most like `name`, for a message."""
        return next(iter(nearest(name, (n for i in self._issuers.values() for n in i.names))), None)

    def _folded(self) -> dict[str, str]:
        from .text import fold

        if self._names is None:
            self._names = {
                fold(name): issuer.id
                for issuer in self._issuers.values()
                for name in (issuer.id, *issuer.names)
            }
        return self._names


class Catalog:
    """
    The schemes that are at hand: iterate for `Series`, `series(id)`, `load(id)`.

    Args:
        folders: Folders with catalogues, besides the shipped one, which comes first.
    """

    def __init__(self, *folders: Path | str) -> None:
        self._folders = [_own_folder(), *map(Path, folders)]
        for folder in self._folders[1:]:
            if not folder.is_dir():
                raise UnreadableData(f"no catalogue folder {folder}; make it or correct the path")
        self._looked_for_plugins = False
        self._series: dict[str, tuple[Series, Path]] = {}
        self._files: dict[tuple[str, str], list[Path]] = {}
        self._schemes: dict[str, Scheme] = {}
        self._heads: dict[str, Scheme] = {}
        self._maps: dict[Path, MapFile] = {}
        self._issuers: IssuerTable | None = None
        for folder in self._folders:
            self._list(folder)

    def __repr__(self) -> str:
        return f"<Catalog of {len(self._series)} series>"

    def __iter__(self) -> Iterator[Series]:
        self._add_plugins()
        return iter([found[0] for _, found in sorted(self._series.items())])

    def __len__(self) -> int:
        self._add_plugins()
        return len(self._series)

    def _list(self, folder: Path) -> None:
        for issuer in sorted(os.listdir(folder)):
            path = folder / issuer
            if issuer == "mappings":
                self._list_maps(path)
            elif path.is_dir() and not issuer.startswith("."):
                for series in sorted(os.listdir(path)):
                    versions = [
                        name[:-5]
                        for name in (os.listdir(path / series) if (path / series).is_dir() else ())
                        if name.endswith(".yaml") and not name.startswith(".")
                    ]
                    id_ = f"{issuer}/{series}"
                    if versions and id_ not in self._series:
                        found = Series(id_, issuer, tuple(sorted(versions, key=_age)))
                        self._series[id_] = (found, path / series)

    def _list_maps(self, folder: Path) -> None:
        for name in sorted(os.listdir(folder)):
            stem = name.removesuffix(".sssom.tsv")
            source, _, target = stem.partition("--")
            if stem != name and target:
                ends = (source.replace(".", "/", 1), target.replace(".", "/", 1))
                key = (ends[0].partition("@")[0], ends[1].partition("@")[0])
                self._files.setdefault(key, []).append(folder / name)

    def _add_plugins(self) -> None:
        """Look for installed catalogues; late, since the search costs 20 ms."""
        if self._looked_for_plugins:
            return
        self._looked_for_plugins = True
        from importlib.metadata import entry_points
        from importlib.util import find_spec

        for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda p: p.name):
            spec = find_spec(point.value)
            for location in (spec.submodule_search_locations or ()) if spec else ():
                self._folders.append(Path(location))
                self._list(Path(location))
                self._issuers = None

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders, the shipped one first."""
        return tuple(self._folders)

    @property
    def issuers(self) -> IssuerTable:
        """Issuers by id."""
        if self._issuers is None:
            found: dict[str, Issuer] = {}
            for folder in self._folders:
                path = folder / "issuers.yaml"
                if path.exists():
                    found = {**read_issuers(path), **found}
            self._issuers = IssuerTable(found)
        return self._issuers

    def _find(self, id_: str) -> tuple[Series, Path]:
        if id_ not in self._series:
            self._add_plugins()
        try:
            return self._series[id_]
        except KeyError:
            hint = nearest(id_, self._series)
            more = (
                f'; did you mean "{hint[0]}"? (futureindustry list {id_.partition("/")[0]})'
                if hint
                else " (futureindustry list shows them all)"
            )
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
        """Give a version without the items that stand in a CSV beside it."""
        if id_ in self._schemes:
            return self._schemes[id_]
        if id_ not in self._heads:
            self._heads[id_] = read_scheme_head(self._path(id_), shown=self._shown(id_))
        return self._heads[id_]

    def _path(self, id_: str) -> Path:
        series_id, version, _ = split_id(id_)
        series, folder = self._find(series_id)
        if version not in series.versions:
            hint = nearest(version or "", series.versions)
            more = f'did you mean "{hint[0]}"?' if hint else f"there is {', '.join(series.versions)}"
            raise UnknownScheme(f'{series_id} has no version "{version}"; {more}')
        return folder / f"{version}.yaml"

    def _shown(self, id_: str) -> str:
        path = self._path(id_)
        return os.path.join("taxonomy", *path.parts[-3:]) if path.is_relative_to(self._folders[0]) else str(path)

    def load(self, id_: str, *, as_of: str | None = None) -> Scheme:
        """
        Load a scheme.

        Args:
            id_: `issuer/series` for the newest version, or `issuer/series@version`.
            as_of: Date; the version in force at its end (`2024` is the end of 2024).

        Raises:
            UnknownScheme: No such scheme or version, or none in force on that date.
            InvalidFile: Its file is wrong.
        """
        series_id, version, code = split_id(id_)
        if code is not None:
            raise InvalidId(f'"{id_}" names an item; leave out "#{code}" to load its scheme')
        if version is None:
            version = self._version(series_id, as_of)
        full = f"{series_id}@{version}"
        if full not in self._schemes:
            scheme = read_scheme_file(self._path(full), shown=self._shown(full), origin=self)
            if scheme.id != full:
                raise UnreadableData(
                    f"{self._shown(full)} says it is {scheme.id}; the path is the identity"
                )
            self._schemes[full] = scheme
        return self._schemes[full]

    def _version(self, series_id: str, as_of: str | None) -> str:
        series = self.series(series_id)
        if as_of is None and len(series.versions) == 1:
            return series.versions[0]
        dated = []
        for order, version in enumerate(series.versions):
            head = self.head(f"{series_id}@{version}")
            start = head.valid.start or head.published
            dated.append((first_day(start) if start else "", order, version, head.valid.end))
        dated.sort()
        if as_of is None:
            return dated[-1][2]
        try:
            last_day(as_of)
        except ValueError as error:
            raise UnknownScheme(str(error)) from None
        found = [v for start, _, v, end in dated if as_of in Validity(start or None, end)]
        if not found:
            first = next(((d[0], d[2]) for d in dated if d[0]), ("", dated[0][2]))
            what = f"the first is {first[1]}" if as_of < first[0] else f"the last is {dated[-1][2]}"
            raise UnknownScheme(f"{series_id} has no version valid on {as_of}; {what}")
        return found[-1]

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
            for path in self._files.get(key, ()):
                file = self._read_maps(path)
                ends = (file.target, file.source) if turned else (file.source, file.target)
                if all(
                    "@" not in end or "@" not in asked or end == asked
                    for end, asked in zip(ends, (a, b), strict=True)
                ):
                    found.append((file, turned))
        return found

    def _read_maps(self, path: Path) -> MapFile:
        if path not in self._maps:
            own = path.is_relative_to(self._folders[0])
            shown = os.path.join("taxonomy", *path.parts[-2:]) if own else str(path)
            self._maps[path] = read_maps(path, shown=shown)
        return self._maps[path]

    def map_files(self) -> Iterator[MapFile]:
        """Give all mapping files, in the order of their names."""
        self._add_plugins()
        for path in sorted(path for paths in self._files.values() for path in paths):
            yield self._read_maps(path)

    def principal(self, issuer_id: str) -> str:
        """
        Give the id of the series meant when only the issuer is named.

        Raises:
            UnknownScheme: The issuer has no series, or several and none is the principal one.
        """
        found = [series.id for series in self if series.issuer == issuer_id]
        main = self.issuers[issuer_id].main
        if main and f"{issuer_id}/{main}" in found:
            return f"{issuer_id}/{main}"
        if len(found) == 1:
            return found[0]
        raise UnknownScheme(
            f"{issuer_id} has no scheme"
            if not found
            else f'{issuer_id} has several schemes ({", ".join(found)}); pass scheme=, or set "main" '
            "in issuers.yaml"
        )


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


def as_scheme(scheme: Scheme | str, *, as_of: str | None = None) -> Scheme:
    """Give a scheme for a scheme or an id."""
    if isinstance(scheme, Scheme):
        return scheme
    if not isinstance(scheme, str):
        raise FutureIndustryError(f"a scheme or its id is needed, not {type(scheme).__name__}")
    return load(scheme, as_of=as_of)
