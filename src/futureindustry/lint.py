"""
Check taxonomy and mapping files: rules FI2xx for schemes, FI3xx for mappings.

The union of what qSKOS, Skosify, the Eurostat quality checks and SSSOM validation test, and
what they miss: overlapping validity, a child outliving its parent, one name leading to two
items, a formula that the items do not match, an item without a source, a map whose end is
not there, contradictory maps, an edition whose counts are not those it should have. Nothing
is repaired.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from .consistency import contradictions_among
from .errors import InvalidFile, Place, Problem, UnknownScheme
from .files import read_issuers, read_scheme_file
from .mapping import Contradiction, Facts, asserted_maps, contradictions_of, on_hub
from .model import Item, Scheme, first_day, split_id
from .report import Finding, Report
from .sssom import MapFile, read_maps
from .store import HUB, Catalog, catalog
from .text import fold

__all__ = ["check", "contradictions"]

_MAPS = ".sssom.tsv"


def check(paths: Iterable[Path | str] | Path | str | None = None) -> Report:
    """
    Say what is wrong with taxonomy and mapping files.

    Args:
        paths: Scheme files (YAML), mapping files (`.sssom.tsv`) or folders of them; a folder
            may be a catalogue of its own. None for the whole catalogue.

    Returns:
        Findings sorted by file, line and column; `rows` is the number of files.

    Raises:
        InvalidFile: A path does not exist, is no such file, or is a folder without one.
    """
    if isinstance(paths, (str, Path)):
        paths = [paths]
    store = catalog()
    given = [*store.folders] if paths is None else [Path(path) for path in paths]
    own = [folder.resolve() for folder in store.folders]
    more = [path for path in given if path.is_dir() and not _within(path, own)]
    if more:
        store = Catalog(*store.folders[1:], *more)
    return _check(_files(given), store)


def _within(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.resolve().is_relative_to(folder) for folder in folders)


def _files(paths: Iterable[Path]) -> list[Path]:
    """Give the files to check, each once; refuse what is none."""
    found: dict[Path, None] = {}
    problems = []
    for path in paths:
        files = [path]
        todo = "no such file; correct the path"
        if path.is_dir():
            inside = (*path.rglob("*.yaml"), *path.rglob(f"*{_MAPS}"))
            files = sorted(f for f in inside if not _hidden(f.relative_to(path)))
            todo = "no scheme (.yaml) or mapping (.sssom.tsv) in this folder"
        elif path.exists() and path.suffix not in (".yaml", ".yml", ".tsv"):
            files = []
            todo = "no scheme (.yaml) or mapping (.sssom.tsv); for a table, name the YAML beside it"
        if not files or not files[0].exists():
            problems.append(Problem(Place(str(path)), todo))
        found.update(dict.fromkeys(files))
    if problems:
        raise InvalidFile(problems)
    return list(found)


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _check(files: Sequence[Path], store: Catalog) -> Report:
    found = _Found()
    versions: dict[str, list[Scheme]] = {}
    maps: list[MapFile] = []
    listed = _listed(store, files)
    for path in files:
        with found:
            if path.name == "issuers.yaml":
                read_issuers(path)
            elif path.suffix == ".tsv":
                maps.append(_read_maps(path, store))
            else:
                id_ = listed.get(path.resolve())
                scheme = store.load(id_) if id_ else read_scheme_file(path, origin=store)
                versions.setdefault(scheme.series, []).append(scheme)
                found.add(_scheme(scheme, store))
                if id_ and not scheme.levels and scheme.series != HUB:
                    found.add(_unmapped(scheme))
    for schemes in versions.values():
        found.add(_series(schemes, store))
        for scheme in schemes:
            # Schemes of the catalogue are checked on the hub together with all others, below.
            if scheme.origin is not store or not maps:
                found.add(_on_hub(scheme))
    for file in maps:
        found.add(_maps(file, store))
        found.add(_between(file, store))
    if maps:
        found.add(_among(store, {file.place.file for file in maps if file.place}))
    return Report(found.findings(), len(files), unit="files")


class _Found:
    """
    Findings, each once: two versions may share a fault, and two checks may read one file.

    As a context it takes the problems of a file that cannot be read for findings.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], Finding] = {}

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: object, _trace: object) -> bool:
        if isinstance(error, InvalidFile):
            self.add(_finding(p.rule, p.place, p.message) for p in error.problems)
        return isinstance(error, InvalidFile)

    def add(self, findings: Iterable[Finding]) -> None:
        with self:
            for finding in findings:
                self._found.setdefault((finding.rule, str(finding.place), finding.message), finding)

    def findings(self) -> list[Finding]:
        return list(self._found.values())


def _listed(store: Catalog, files: Iterable[Path]) -> dict[Path, str]:
    """Give the ids of the schemes that a catalogue lists, by their files, for some files."""
    versions = {path.stem for path in files}
    ids = (f"{s.id}@{version}" for s in store for version in s.versions if version in versions)
    return {Path(store._path(id_)).resolve(): id_ for id_ in ids}  # noqa: SLF001 - its own files


def _read_maps(path: Path, store: Catalog) -> MapFile:
    if _within(path, store.folders[:1]):
        return store._read_maps(str(path))  # noqa: SLF001 - read once, named as in taxonomy/
    return read_maps(path)


def _finding(rule: str, place: Place | None, text: str, column: str | None = None) -> Finding:
    return Finding(rule, column, facts={"text": text}, place=place)


def _scheme(scheme: Scheme, store: Catalog) -> Iterator[Finding]:
    """Check one version by itself."""
    at = scheme.place
    if scheme.issuer not in store.issuers:
        hint = store.issuers.nearest(scheme.issuer)
        more = f'; did you mean "{hint}"?' if hint else ""
        text = f'no issuer "{scheme.issuer}" in issuers.yaml{more}'
        yield _finding("FI217", at, text, scheme.id)
    if not scheme.items_:
        yield _finding("FI206", at, "no items", scheme.id)
    if scheme.formula is not None:
        for mismatch in scheme.formula.check(scheme):
            place = getattr(mismatch.item, "place", None) or at
            yield _finding("FI211", place, str(mismatch), scheme.id)
    needs_zh = any("zh" in item.label for item in scheme.values())
    # Items of a table have the sources of its header.
    in_table = any(item.place and item.place.file.endswith(".csv") for item in scheme.items_[:1])
    for item in scheme.values():
        place = item.place or at
        said = f'item "{item.code}"'
        if item.incomplete:
            yield _finding(
                "FI212", place, f"{said} lists {len(item.children)}; not all were seen", scheme.id
            )
        if not (item.sources or (in_table and scheme.sources)):
            yield _finding("FI214", place, f"{said} has no source", scheme.id)
        for lang in ("zh", "en"):
            if lang not in item.label and (lang == "en" or needs_zh):
                yield _finding("FI215", place, f"{said} has no label in {lang}", scheme.id)
        if late := _outlives(item):
            yield _finding("FI220", place, f"{said} {late}", scheme.id)
    yield from _names(scheme)
    yield from _edition(scheme)


def _outlives(item: Item) -> str | None:
    """Say what ends before the item does: its parent, or the version that it stands in."""
    parent, end = item.parent, item.valid.end
    if parent is not None and parent.valid.end:
        if end is None or first_day(end) > first_day(parent.valid.end):
            return f"outlives its parent, which ends {parent.valid.end}"
    elif item.scheme.valid.end and end and first_day(end) > first_day(item.scheme.valid.end):
        return f"outlives its scheme, which ends {item.scheme.valid.end}"
    return None


def _names(scheme: Scheme) -> Iterator[Finding]:
    """Find names that lead to two items; the same official label in two places is only said."""
    leads: dict[str, dict[str, bool]] = {}
    for item in scheme.values():
        for name in item.names:
            of_item = leads.setdefault(fold(name), {})
            of_item[item.code] = of_item.get(item.code, False) or name in item.label.values()
    for key, codes in leads.items():
        if len(codes) < 2:
            continue
        items = [scheme[code] for code in codes]
        nested = any(a in b.ancestors for a in items for b in items)
        official = all(codes.values())
        # Large classifications repeat a title from level to level: 农业 is a division and a group.
        if official and (scheme.levels or nested):
            continue
        text = f'the name "{key}" leads to {", ".join(codes)}'
        yield _finding(
            "FI222" if official else "FI213", items[-1].place or scheme.place, text, scheme.id
        )


def _edition(scheme: Scheme) -> Iterator[Finding]:
    """Compare the counts by level and the sentinels with those declared."""
    if scheme.levels and any(level.count is not None for level in scheme.levels):
        counts: dict[int, int] = {}
        for item in scheme.values():
            counts[item.level] = counts.get(item.level, 0) + 1
        for level in scheme.levels:
            found = counts.get(level.depth, 0)
            if level.count is not None and found != level.count:
                text = f"level {level.code} has {found} items; the edition has {level.count}"
                yield _finding("FI219", scheme.place, text, scheme.id)
    for code, label in scheme.sentinels.items():
        item = scheme.get(code)
        if item is None or label not in item.label.values():
            found_label = "missing" if item is None else f'"{item.label}"'
            text = f'the edition has {code} "{label}"; here it is {found_label}'
            yield _finding("FI219", scheme.place, text, scheme.id)


def _series(versions: Sequence[Scheme], store: Catalog) -> Iterator[Finding]:
    """Check the versions of one series against each other."""
    series = versions[0].series
    known = {scheme.version for scheme in versions}
    codes = {code for scheme in versions for code in scheme}
    if any(found.id == series for found in store):
        others = set(store.series(series).versions) - known
        codes.update(*(store.load(f"{series}@{version}") for version in sorted(others)))
        known |= others
    for n, scheme in enumerate(versions):
        if scheme.supersedes and scheme.supersedes not in known:
            text = f'supersedes "{scheme.supersedes}", which is not in the series'
            yield _finding("FI221", scheme.place, text, scheme.id)
        for other in versions[:n]:
            if other.valid.start and scheme.valid.start and other.valid.overlaps(scheme.valid):
                text = f"valid at the same time as {other.id}"
                yield _finding("FI216", scheme.place, text, scheme.id)
        for item in scheme.values():
            for code in item.successors:
                if code not in codes:
                    text = f'item "{item.code}" names the successor "{code}", which is no item'
                    yield _finding("FI223", item.place or scheme.place, text, scheme.id)


def _unmapped(scheme: Scheme) -> Iterator[Finding]:
    mapped = {m.source for m in asserted_maps(scheme, scheme.origin.hub())}
    for item in scheme.values():
        if item.code not in mapped:
            text = f'item "{item.code}" ({item.label}) has no map to the hub'
            yield _finding("FI307", item.place, text, scheme.id)


def _maps(file: MapFile, store: Catalog) -> Iterator[Finding]:
    """Check one mapping file: its ends, its pairs, its justifications."""
    try:
        ends = [_codes(side, store) for side in (file.source, file.target)]
    except UnknownScheme as error:
        yield _finding("FI304", file.place, str(error))
        return
    seen: dict[tuple[str, str], Place | None] = {}
    for m in file.maps:
        for code, codes, side in zip(
            (m.source, m.target), ends, (file.source, file.target), strict=True
        ):
            if code not in codes:
                yield _finding("FI304", m.place, f'{side} has no item "{code}"')
        pair = (m.source, m.target)
        if pair in seen:
            first = seen[pair]
            line = f" in line {first.line}" if first else ""
            yield _finding("FI305", m.place, f"{m.source} to {m.target} is already mapped{line}")
        seen[pair] = m.place
        if not m.justification:
            yield _finding(
                "FI308", m.place, f"{m.source} to {m.target} has no mapping_justification"
            )


def _codes(side: str, store: Catalog) -> set[str]:
    series, version, _ = split_id(side)
    if version is not None:
        return set(store.load(side))
    return {code for v in store.series(series).versions for code in store.load(f"{series}@{v}")}


def contradictions(store: Catalog) -> Iterator[Finding]:
    """
    Find the maps of a catalogue that contradict each other or a hierarchy.

    Raises:
        InvalidFile: A file of the catalogue cannot be read.
    """
    yield from _among(store)
    for file in store.map_files():
        yield from _between(file, store)


def _among(store: Catalog, files: Collection[str] | None = None) -> Iterator[Finding]:
    """Find the maps of all schemes that contradict each other on the hub; only those of some files."""
    schemes = [store.load(f"{series.id}@{v}") for series in store for v in series.versions]
    between = []
    for file in store.map_files():
        if HUB not in (file.source, file.target):
            with suppress(UnknownScheme):
                between.append((store.load(file.source), store.load(file.target), file.maps))
    for found in contradictions_among(schemes, store.hub(), between):
        places = {p.place.file for p in found.premises if p.place}
        if files is None or not places.isdisjoint(files):
            yield _contradiction(found)


def _on_hub(scheme: Scheme) -> Iterator[Finding]:
    yield from map(_contradiction, contradictions_of(on_hub(scheme)))


def _between(file: MapFile, store: Catalog) -> Iterator[Finding]:
    """Find maps of one file that contradict each other; those to the hub go with their scheme."""
    if HUB not in (file.source, file.target):
        try:
            source, target = store.load(file.source), store.load(file.target)
        except UnknownScheme:
            return
        yield from map(_contradiction, contradictions_of(Facts(source, target, file.maps)))


def _contradiction(found: Contradiction) -> Finding:
    places = [p.place for p in found.premises if p.place]
    place = min(places, key=lambda place: (place.file, place.line or 0), default=None)
    return _finding("FI306", place, found.sentence("en"))
