"""
Check taxonomy and mapping files: rules FI2xx for schemes, FI3xx for mappings.

The union of what qSKOS, Skosify, the Eurostat quality checks and SSSOM validation test, and
what they miss: overlapping validity, a child outliving its parent, one name leading to two
items, a formula that the items do not match, an item without a source, a map whose end is
not there, contradictory maps, an edition whose counts are not those it should have. Nothing
is repaired.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from .errors import InvalidFile, Place, UnknownScheme
from .files import MapFile, read_issuers, read_maps, read_scheme_file
from .mapping import Contradiction, Network, hub_of, on_hub, steps_of
from .model import Scheme, split_id
from .report import Finding, Report
from .store import HUB, Catalog, catalog
from .text import fold

__all__ = ["check"]


def check(paths: Iterable[Path | str] | Path | str | None = None) -> Report:
    """
    Say what is wrong with taxonomy and mapping files.

    Args:
        paths: Scheme files (YAML), mapping files (`.sssom.tsv`) or folders of them; None for
            the whole catalogue.

    Returns:
        Findings sorted by file, line and column; `rows` is the number of files.

    Raises:
        InvalidFile: A path does not exist or is no such file.
    """
    if isinstance(paths, (str, Path)):
        paths = [paths]
    if paths is None:
        return _check_catalog(catalog())
    findings: list[Finding] = []
    count = 0
    for path in map(Path, paths):
        for file in _files(path):
            count += 1
            findings += _check_file(file)
    return Report(findings, count, unit="files")


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted([*path.rglob("*.yaml"), *path.rglob("*.sssom.tsv")])
    return [path]


def _check_file(path: Path) -> list[Finding]:
    try:
        if path.name == "issuers.yaml":
            read_issuers(path)
            return []
        if path.name.endswith(".tsv"):
            return list(_maps(read_maps(path), catalog()))
        scheme = read_scheme_file(path)
    except InvalidFile as error:
        return list(_problems(error))
    found = list(_scheme(scheme))
    if scheme.issuer not in catalog().issuers:
        found.append(_unknown_issuer(scheme))
    return found


def _problems(error: InvalidFile) -> Iterator[Finding]:
    for problem in error.problems:
        yield _finding(problem.rule, problem.place, problem.message)


def _finding(rule: str, place: Place | None, text: str, column: str | None = None) -> Finding:
    return Finding(rule, column, facts={"text": text}, place=place)


def _unknown_issuer(scheme: Scheme) -> Finding:
    return _finding(
        "FI217", scheme.place, f'no issuer "{scheme.issuer}" in issuers.yaml', scheme.id
    )


def _check_catalog(store: Catalog) -> Report:
    findings: list[Finding] = []
    count = 0
    for series in store:
        versions: list[Scheme] = []
        for version in series.versions:
            count += 1
            try:
                scheme = store.load(f"{series.id}@{version}")
            except InvalidFile as error:
                findings += _problems(error)
                continue
            except ValueError as error:
                findings.append(_finding("FI218", None, str(error), series.id))
                continue
            versions.append(scheme)
            findings += _scheme(scheme)
            if scheme.issuer not in store.issuers:
                findings.append(_unknown_issuer(scheme))
            if not scheme.levels and scheme.series != HUB:
                findings += _unmapped(scheme, store)
        findings += _series(versions)
    files: list[MapFile] = []
    try:
        files += store.map_files()
    except InvalidFile as error:
        findings += _problems(error)
    for file in files:
        count += 1
        findings += _maps(file, store)
    findings += contradictions(store)
    return Report(findings, count, unit="files")


def _scheme(scheme: Scheme) -> Iterator[Finding]:
    """Check one version by itself."""
    at = scheme.place
    if scheme.formula is not None:
        for mismatch in scheme.formula.check(scheme):
            place = getattr(mismatch.item, "place", None) or at
            yield _finding("FI211", place, str(mismatch), scheme.id)
    needs_zh = any("zh" in item.label for item in scheme.values())
    for item in scheme.values():
        place = item.place or at
        said = f'item "{item.code}"'
        if item.incomplete:
            yield _finding(
                "FI212", place, f"{said} lists {len(item.children)}; not all were seen", scheme.id
            )
        if not item.sources and (not scheme.sources or not _from_table(scheme)):
            yield _finding("FI214", place, f"{said} has no source", scheme.id)
        for lang in ("zh", "en"):
            if lang not in item.label and (lang == "en" or needs_zh):
                yield _finding("FI215", place, f"{said} has no label in {lang}", scheme.id)
        parent = item.parent
        if (
            parent is not None
            and parent.valid.end
            and (item.valid.end or "9999") > parent.valid.end
        ):
            text = f"{said} outlives its parent, which ends {parent.valid.end}"
            yield _finding("FI220", place, text, scheme.id)
        for code in item.successors:
            if code not in scheme and scheme.origin is None:
                yield _finding(
                    "FI223",
                    place,
                    f'{said} names the successor "{code}", which is no item',
                    scheme.id,
                )
    yield from _names(scheme)
    yield from _edition(scheme)


def _from_table(scheme: Scheme) -> bool:
    """Whether the items stand in a CSV, where the sources of the header hold for all of them."""
    first = next(iter(scheme.values()), None)
    return first is not None and first.place is not None and first.place.file.endswith(".csv")


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
        depth: dict[str, int] = {}
        for item in scheme.values():
            depth[item.code] = depth[item.parent_code] + 1 if item.parent_code else 1
            counts[depth[item.code]] = counts.get(depth[item.code], 0) + 1
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


def _series(versions: Sequence[Scheme]) -> Iterator[Finding]:
    """Check the versions of one series against each other."""
    known = {scheme.version for scheme in versions}
    for n, scheme in enumerate(versions):
        if scheme.supersedes and scheme.supersedes not in known:
            text = f'supersedes "{scheme.supersedes}", which is not in the series'
            yield _finding("FI221", scheme.place, text, scheme.id)
        for other in versions[:n]:
            if other.valid.start and scheme.valid.start and other.valid.overlaps(scheme.valid):
                text = f"valid at the same time as {other.id}"
                yield _finding("FI216", scheme.place, text, scheme.id)


def _unmapped(scheme: Scheme, store: Catalog) -> Iterator[Finding]:
    mapped = {
        m.target if turned else m.source
        for file, turned in store.maps_between(scheme.id, HUB)
        for m in file.maps
    }
    for item in scheme.values():
        if item.code not in mapped:
            yield _finding(
                "FI307",
                item.place,
                f'item "{item.code}" ({item.label}) has no map to the hub',
                scheme.id,
            )


def _maps(file: MapFile, store: Catalog) -> Iterator[Finding]:
    """Check one mapping file: its ends, its pairs, its justifications."""
    ends = []
    for side in (file.source, file.target):
        try:
            ends.append(_codes(side, store))
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
    """Find items whose maps contradict each other, by scheme on the hub and along asserted files."""
    for series in store:
        for version in series.versions:
            try:
                scheme = store.load(f"{series.id}@{version}")
            except ValueError:
                continue
            hub = hub_of(scheme)
            facts = on_hub(scheme)
            for x, d, steps in facts.contradictions:
                said = tuple(dict.fromkeys(p for s in steps for p in steps_of(scheme, hub, *s)))
                yield _contradiction(Contradiction(scheme[x].id, hub[d].id, said))
    for file in store.map_files():
        if "@" in file.source and "@" in file.target and HUB not in (file.source, file.target):
            network = Network(store.load(file.source), store.load(file.target))
            yield from (_contradiction(c) for c in network.contradictions())


def _contradiction(found: Contradiction) -> Finding:
    place = next((p.place for p in found.premises if p.place), None)
    return _finding("FI306", place, found.sentence("en"))
