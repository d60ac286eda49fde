"""
The command line: arguments in, text out; no logic that the library lacks.

The commands are called like the functions. Exit status: 0 clean, 1 findings of severity error
(an unknown, ambiguous or outside label counts as one), 2 wrong use or unreadable input, with
one line on stderr and no traceback. The result goes to stdout, everything else to stderr.
Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from . import __version__
from .errors import FutureIndustryError, InvalidFile, UnreadableData, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, NoReturn

    from .charts import Chart
    from .mapping import Correspondence
    from .model import Item, ItemChange, Map, Scheme
    from .report import Report
    from .specification import Specification

    Lang = Literal["zh", "en"]

__all__ = ["program"]

BROKEN_PIPE = 141  # what a shell reports for a program ended by SIGPIPE
LARGE = 300  # items; beyond that `show` draws two levels only
TABLE_FORMATS = ("text", "json", "csv", "html", "md")
REPORT_FORMATS = (*TABLE_FORMATS, "sarif", "junit")
DATA_ENDINGS = (".csv", ".parquet", ".xlsx")
DEFAULT_SECTOR = "行业"
ENDINGS = {
    ".txt": "text", ".json": "json", ".csv": "csv", ".html": "html", ".htm": "html", ".md": "md",
    ".sarif": "sarif", ".tsv": "sssom", ".xml": "junit", ".xlsx": "xlsx",
}  # fmt: skip
# As in `formats`, which is not imported for the sake of --help; a test compares them.
EXPORT_FORMATS = (
    "skos", "xkos", "jsonld", "sssom", "sdmx", "jsonschema", "frictionless", "csv", "xlsx", "sql",
    "mermaid", "markdown",
)  # fmt: skip
EXPORT_ENDINGS = {
    ".ttl": "xkos", ".skos.ttl": "skos", ".jsonld": "jsonld", ".sssom.tsv": "sssom",
    ".sdmx.json": "sdmx", ".schema.json": "jsonschema", "datapackage.json": "frictionless",
    ".csv": "csv", ".xlsx": "xlsx", ".sql": "sql", ".mmd": "mermaid", ".md": "markdown",
}  # fmt: skip

_SAYS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "series": "Series", "formula": "Formula", "versions": "Versions", "title": "Title",
        "issuer": "Issuer", "published": "Published", "valid": "Valid", "from": "from {}", "to": "until {}",
        "supersedes": "Supersedes", "other": "Other versions", "confirmed": "Last seen in force",
        "confidence": "Confidence", "limitations": "Limitations", "conflicts": "Conflicts", "notes": "Notes",
        "sources": "Sources", "items": "Items", "open": "open list", "incomplete": "not all items seen",
        "below": "+{} below", "depth": "{} of {} items shown, {} levels deep; all with --depth {}",
        "label": "Label", "outcome": "Outcome", "code": "Code", "item": "Item", "relation": "Relation",
        "explanation": "Explanation", "source": "Source", "target": "Target", "predicate": "Predicate",
        "word": "In words", "score": "Confidence", "change": "Change", "old": "Old", "new": "New",
        "evidence": "Evidence", "rule": "Rule", "severity": "Severity", "mend": "What to do",
        "asserted": "{a} to {b}: {n} maps, as asserted in a file",
        "derived": "{a} to {b}: {n} maps, derived through the hub",
        "share_of": "Share", "share": "{:.4g} of it goes there", "cardinality": "Cardinality",
        "cardinalities": "Cardinality of maps: {maps}; of bundles: {bundles}", "premises": "Premises",
        "justification": "Justification", "part": "Part", "answer": "answer", "premise": "premise",
        "reason": "Reason", "place": "Place",
        "weaker": "weaker than the relation", "unmapped": "No counterpart in {b} ({n}):",
        "why": "Why: futureindustry relation {a}#CODE {b}#CODE",
        "unchanged": "{} unchanged not shown (--all)", "same": "nothing has changed",
        "nothing": "no scheme has “{}” in its id, title or issuer; futureindustry list shows them all",
        "rows": "{n:,} rows: {said}", "written": "{} written",
        "read_as_gb": "{} is not UTF-8; it was read as GB18030", "pages": "{n} pages in {out}; start with {first}",
        "so_far": "{n:,} rows", "reading": "reading", "checking": "checking", "writing": "writing pages",
        "count": "Schemes", "schemes": "Which", "scheme": "Scheme", "file": "File",
        "start": "At", "text": "Text", "flags": "Flags", "row": "Row",
        "negated": "negated", "other-party": "other-party",
        "from_date": "From", "one_version": "one version only: nothing has changed yet",
        "unnamed": "no scheme names {}",
        "in_common": "hub concepts in common: {n}, {a:.0%} of the first, {b:.0%} of the second",
        "undated": "left out, because nobody knows when they were in force ({n}): {names}",
        "two_series": "{a} and {b} are of two series: what is said to become of an item is what the other list has in its place; futureindustry compare sets them side by side",
        "covered": "Coverage of {}", "nobody": "covered by nobody",
        "baseline": "{n:,} accepted findings written to {out}",
        "limited": "Limitations counts what is missing or inferred; futureindustry show SCHEME says what.",
        "none": "–",
    },
    "zh": {
        "series": "系列", "formula": "公式", "versions": "版本", "title": "名称",
        "issuer": "发布机构", "published": "发布日期", "valid": "有效期", "from": "自 {}", "to": "至 {}(不含)",
        "supersedes": "取代", "other": "其他版本", "confirmed": "最近确认有效",
        "confidence": "可信度", "limitations": "局限", "conflicts": "来源分歧", "notes": "说明",
        "sources": "来源", "items": "类目", "open": "开放清单", "incomplete": "类目不全",
        "below": "下含 {} 项", "depth": "显示 {} / {} 项,深 {} 层;--depth {} 显示全部",
        "label": "名称", "outcome": "结果", "code": "代码", "item": "类目", "relation": "关系",
        "explanation": "说明", "source": "源类目", "target": "目标类目", "predicate": "谓词",
        "word": "表述", "score": "置信度", "change": "变更", "old": "旧版", "new": "新版",
        "evidence": "依据", "rule": "规则", "severity": "级别", "mend": "处理办法",
        "asserted": "{a} 至 {b}:{n} 条映射,出自映射文件",
        "derived": "{a} 至 {b}:{n} 条映射,经概念库推导",
        "share_of": "份额", "share": "其中 {:.4g} 归入", "cardinality": "基数",
        "cardinalities": "映射基数:{maps};连通组基数:{bundles}", "premises": "前提",
        "justification": "依据类型", "part": "部分", "answer": "结论", "premise": "前提",
        "reason": "理由", "place": "出处",
        "weaker": "弱于实际关系", "unmapped": "{b}中没有对应类目({n}):",
        "why": "依据:futureindustry relation {a}#代码 {b}#代码",
        "unchanged": "另有 {} 项未变(--all 显示)", "same": "没有变化",
        "nothing": "没有标识、名称或发布机构含“{}”的方案;futureindustry list 列出全部",
        "rows": "{n:,} 行:{said}", "written": "已写入 {}",
        "read_as_gb": "{} 不是 UTF-8,已按 GB18030 读取", "pages": "{out} 中共 {n} 页,首页为 {first}",
        "so_far": "{n:,} 行", "reading": "读取", "checking": "检查", "writing": "生成页面",
        "count": "方案数", "schemes": "方案", "scheme": "方案", "file": "文件",
        "start": "位置", "text": "原文", "flags": "标记", "row": "行",
        "negated": "否定", "other-party": "涉及他方",
        "from_date": "起始", "one_version": "只有一个版本,尚无变更",
        "unnamed": "没有方案列有{}",
        "in_common": "概念库中共有 {n} 个概念,占前者 {a:.0%}、后者 {b:.0%}",
        "undated": "因何时有效不明而未列入({n}):{names}",
        "two_series": "{a} 与 {b} 属于不同系列:所称变更只是另一清单中与之相当的类目;并列比较用 futureindustry compare",
        "covered": "对{}的覆盖", "nobody": "无方案覆盖",
        "baseline": "已将 {n:,} 条接受的问题写入 {out}",
        "limited": "“局限”为缺失或推断之处的条数,详见 futureindustry show SCHEME。",
        "none": "–",
    },
}  # fmt: skip


# What the common options say


class _Run:
    """
    The common options of one run, and the way out for results.

    Attributes:
        lang: Of the output.
        format: Of the output; the first that the command offers unless asked otherwise.
        asked: The format as asked for by --format or by the ending of the file; None if not.
        quiet: Nothing but the result.
    """

    def __init__(self) -> None:
        self.lang = _lang_of_locale()
        self.format = "text"
        self.asked: str | None = None
        self.quiet = False

    def say(self, key: str, *args: object, **facts: object) -> str:
        return _SAYS[self.lang][key].format(*args, **facts)

    def pick(
        self, formats: Sequence[str], out: str | None, endings: Mapping[str, str] = ENDINGS
    ) -> None:
        """Choose the format before any work is done."""
        listed = ", ".join(formats)
        if self.asked is None and out is not None and out != "-":
            fitting = [ending for ending in endings if Path(out).name.lower().endswith(ending)]
            self.asked = endings[max(fitting, key=len)] if fitting else None
            if self.asked not in formats:
                raise click.UsageError(
                    f"cannot tell the format from {out}; add --format ({listed})"
                )
        if self.asked is not None and self.asked not in formats:
            hint = nearest(self.asked, formats)
            more = f'; did you mean "{hint[0]}"?' if hint else ""
            raise click.UsageError(f'no format "{self.asked}" here, there is {listed}{more}')
        self.format = self.asked or formats[0]

    def note(self, text: str) -> None:
        """Say something beside the result."""
        if not self.quiet:
            sys.stderr.write(f"{text}\n")

    def deliver(self, result: str | bytes, out: str | None = None) -> None:
        """Write a result to stdout, or as a whole to a file."""
        if isinstance(result, str) and not result.endswith("\n"):
            result += "\n"
        if out is None or out == "-":
            _to_stdout(result)
            return
        from .files import write_bytes

        path = Path(os.path.realpath(out))
        content = result if isinstance(result, bytes) else result.encode("utf-8")
        try:
            if path.exists() and not path.is_file() and not path.is_dir():
                path.write_bytes(content)  # a device or a pipe is not replaced
            else:
                # The mark lets Excel see that a CSV is UTF-8.
                write_bytes(path, b"\xef\xbb\xbf" + content if self.format == "csv" else content)
        except OSError as error:
            raise FutureIndustryError(f"{out} cannot be written: {error.strerror}") from None
        self.note(self.say("written", out))

    def deliver_workbook(self, make: Callable[[], bytes], out: str | None) -> None:
        """Write a workbook to a file; it is no text for a terminal."""
        from .files import write_bytes

        if out is None or out == "-":
            raise click.UsageError("a workbook is no text; name a file: -o FILE.xlsx")
        content = make()
        try:
            write_bytes(os.path.realpath(out), content)
        except OSError as error:
            raise FutureIndustryError(f"{out} cannot be written: {error.strerror}") from None
        self.note(self.say("written", out))

    def deliver_table(
        self, keys: Sequence[str], rows: Sequence[Sequence[str]], out: str | None = None
    ) -> None:
        """Write rows as CSV (heads are the keys), Markdown, HTML or aligned text."""
        heads = [self.say(key) if key in _SAYS[self.lang] else key for key in keys]
        if self.format == "csv":
            text = _csv(keys, rows)
        elif self.format == "md":
            text = _markdown(heads, rows)
        elif self.format == "html":
            text = _html(heads, rows, self.lang)
        else:
            text = _aligned([heads, *rows])
        self.deliver(text, out)

    def deliver_chart(self, chart: Chart, file: str) -> None:
        """Draw into a file."""
        self.note(self.say("written", chart.save(file)))

    def deliver_json(self, value: object, out: str | None = None) -> None:
        """Write a value as JSON."""
        import json

        self.deliver(json.dumps(value, ensure_ascii=False, indent=2), out)

    @contextmanager
    def waiting(self, key: str, what: str = "") -> Iterator[None]:
        """Show on a terminal how far the work is, from the second second."""
        if self.quiet or not sys.stderr.isatty():
            yield
            return
        import threading

        done = threading.Event()
        read: list[int] = [0, 0]

        def watch(rows: int, total: int | None) -> None:
            read[0] += rows
            read[1] = total or 0

        def show() -> None:
            if done.wait(1):
                return
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                Progress,
                SpinnerColumn,
                TextColumn,
                TimeElapsedColumn,
            )

            columns = (
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TextColumn("{task.fields[rows]}"),
                TimeElapsedColumn(),
            )
            with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
                task = progress.add_task(f"{self.say(key)} {what}".strip(), total=None, rows="")
                while not done.wait(0.1):
                    rows, total = read
                    # The rows are read more than once.
                    said = (
                        self.say("so_far", n=rows % total or total if total else rows)
                        if rows
                        else ""
                    )
                    progress.update(
                        task, total=total or None, completed=rows % total if total else 0, rows=said
                    )

        from .datafiles import watching

        thread = threading.Thread(target=show, daemon=True)
        thread.start()
        try:
            with watching(watch):
                yield
        finally:
            done.set()
            thread.join()


def _lang_of_locale() -> Lang:
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next((name for name in names if name), "").lower().startswith("zh") else "en"


def _to_stdout(result: str | bytes) -> None:
    stream = sys.stdout
    if isinstance(result, bytes) and stream.isatty():
        raise click.UsageError("the result is binary; write it to a file with -o FILE")
    try:
        if hasattr(stream, "buffer"):
            stream.flush()
            if isinstance(result, str):
                result = result.encode(stream.encoding, stream.errors or "strict")
            rest = memoryview(result)
            # Unbuffered (PYTHONUNBUFFERED), a full disk takes a part and says nothing.
            while rest:
                rest = rest[stream.buffer.write(rest) :]
        else:
            stream.write(result if isinstance(result, str) else result.decode("latin-1"))
        stream.flush()
    except BrokenPipeError:
        # The reader has gone. Nothing may be left to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise click.exceptions.Exit(BROKEN_PIPE) from None


def _utf8() -> None:
    """Write UTF-8 into files and pipes, and to terminals that claim to know ASCII only."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        ascii_only = stream.encoding.lower() in ("ascii", "us-ascii", "ansi_x3.4-1968")
        if ascii_only or not stream.isatty():
            reconfigure(encoding="utf-8", errors="replace")
        else:
            reconfigure(errors="replace")


# Commands with the common options


def _take_format(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(_Run).asked = value


def _take_lang(ctx: click.Context, _param: click.Parameter, value: Lang | None) -> None:
    if value is not None:
        ctx.ensure_object(_Run).lang = value


def _take_quiet(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        ctx.ensure_object(_Run).quiet = True


def _take_catalog(ctx: click.Context, _param: click.Parameter, value: Sequence[str]) -> None:
    if not value:
        return
    from .store import VARIABLE

    for folder in value:
        if not folder or os.pathsep in folder:
            raise click.UsageError(
                f'--catalog "{folder}": a folder is needed whose path has no "{os.pathsep}"'
            )
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = os.pathsep.join((*value, *([before] if before else [])))

    def restore() -> None:
        os.environ.pop(VARIABLE)
        if before is not None:
            os.environ[VARIABLE] = before

    ctx.call_on_close(restore)


def _common(formats: Sequence[str]) -> list[click.Parameter]:
    """Give the options that every command takes; the group takes them as well."""
    return [
        click.Option(
            ["--format"], metavar="|".join(formats), callback=_take_format, expose_value=False,
            help="Format of the output.",
        ),
        click.Option(
            ["--lang"], type=click.Choice(["zh", "en"]), callback=_take_lang, expose_value=False,
            help="Language of the output; by default that of the locale.",
        ),
        click.Option(
            ["--catalog"], metavar="DIR", multiple=True, callback=_take_catalog, expose_value=False,
            help="Folder with more schemes (repeatable).",
        ),
        click.Option(
            ["--quiet", "-q"], is_flag=True, callback=_take_quiet, expose_value=False,
            help="No output but the result.",
        ),
    ]  # fmt: skip


class _Text(click.types.StringParamType):
    """A text in the encoding of the shell, also where Python took the locale for ASCII."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(super().convert(value, param, ctx))
        if any("\ud800" <= ch <= "\udfff" for ch in text):
            return os.fsencode(text).decode("utf-8", "replace")
        return text


TEXT = _Text()


class _Command(click.Command):
    """A command with the common options and the formats that it offers, its default first."""

    def __init__(
        self,
        *args: Any,
        formats: Sequence[str] = ("text", "json"),
        endings: Mapping[str, str] = ENDINGS,
        examples: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.formats = tuple(formats)
        self.endings = endings
        self.examples = tuple(examples)
        self.params += _common(formats)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        _write_examples(self.examples, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        run = ctx.ensure_object(_Run)
        if ctx.params.get("chart"):
            for name in ("out", "reference"):
                if ctx.params.get(name):
                    raise click.UsageError(
                        f"--chart draws instead of reporting; leave out --{name} or --chart", ctx
                    )
        run.pick(self.formats, ctx.params.get("out"), self.endings)
        return super().invoke(ctx)


def _write_examples(examples: Sequence[str], formatter: click.HelpFormatter) -> None:
    """Write examples as they are: a broken line cannot be copied."""
    with formatter.section("Examples" if len(examples) > 1 else "Example"):
        for example in examples:
            formatter.write(f"  {example}\n")


class _Program(click.Group):
    """The group: commands in the order of use, errors in one line."""

    command_class = _Command

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)
        self.params += _common(TABLE_FORMATS)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        _write_examples(self.examples, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands and not args[0].startswith("-"):
            hint = nearest(args[0], self.commands)
            more = (
                f'; did you mean "{hint[0]}"?'
                if hint
                else f"; there are {', '.join(self.commands)}"
            )
            raise click.UsageError(f'no command "{args[0]}"{more}', ctx)
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and end the process with the status; any error of the input is one line."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        _utf8()
        try:
            status = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
            sys.stdout.flush()
        except click.exceptions.Abort:
            status = 130
        except click.ClickException as error:
            _fail(_usage(error))
        except InvalidFile as error:
            _fail(*map(str, error.problems))
        except FutureIndustryError as error:
            _fail(str(error))
        except OSError as error:
            named = f"{error.filename}: " if error.filename else ""
            _fail(f"{named}{error.strerror or error}")
        except Exception as error:
            # A lazy engine finds out late that a file is damaged.
            if type(error).__module__.partition(".")[0] not in ("polars", "narwhals"):
                raise
            _fail(f"the data cannot be read: {str(error).partition(chr(10))[0]}")
        sys.exit(status if isinstance(status, int) else 0)


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        sys.stderr.write(f"futureindustry: {' '.join(line.split())}\n")
    sys.exit(2)


def _usage(error: click.ClickException) -> str:
    """Say a wrong use in one line, with the nearest option."""
    text = error.format_message().rstrip(".")
    ctx = getattr(error, "ctx", None)
    if isinstance(error, click.NoSuchOption):
        known = [name for param in (ctx.command.params if ctx else ()) for name in param.opts]
        hint = nearest(error.option_name, known)
        text = f"no option {error.option_name}" + (f"; did you mean {hint[0]}?" if hint else "")
    said = text[:1].lower() + text[1:]
    return f"{said} ({ctx.command_path} --help)" if ctx else said


@click.group(
    cls=_Program,
    invoke_without_command=True,
    examples=(
        "futureindustry list 合肥",
        "futureindustry resolve hefei-htz/future-industries 可控核聚变 量子科技",
        "futureindustry validate data.csv --scheme hefei-htz/future-industries --sector 行业",
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def program(ctx: click.Context) -> None:
    """
    Schemes of future industries: resolve, validate, recode, compare.

    A scheme is named issuer/series (its newest version) or issuer/series@version; a file of
    your own, such as ./my.yaml, will do as well.

    Exit status: 0 clean, 1 findings of severity error, 2 wrong use or unreadable input.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _out(what: str) -> Callable[[Any], Any]:
    return click.option(
        "-o", "--out", metavar="FILE",
        help=f"Write {what} to FILE; its ending says the format.",
    )  # fmt: skip


def _chart(what: str, kinds: Sequence[str] = ()) -> Callable[[Any], Any]:
    """Give the option --chart, and --kind where there are several pictures."""

    def check(ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
        if value is not None:
            from .charts import ending_of

            try:
                ending_of(value)
            except FutureIndustryError as error:
                raise click.UsageError(f"--chart {value}: {error}", ctx) from None
        return value

    def decorate(command: Any) -> Any:
        if kinds:
            command = click.option(
                "--kind", type=click.Choice(kinds), default=kinds[0], help="Which picture.",
                show_default=True,
            )(command)  # fmt: skip
        return click.option(
            "--chart", metavar="FILE", callback=check,
            help=f"Draw {what} into FILE instead: .svg, .html, .png, or .json for ECharts.",
        )(command)  # fmt: skip

    return decorate


def _scheme(name: str, *, as_of: str | None = None) -> Scheme:
    """Load a scheme by id, or from a file of the user's."""
    from .store import load, read_scheme

    if name.endswith((".yaml", ".yml")):
        return read_scheme(name)
    return load(name, as_of=as_of)


def _dated(name: str, as_of: str | None) -> Scheme:
    """Load a scheme; the date picks the version where the name does not."""
    return _scheme(name, as_of=None if "@" in name else as_of)


_as_of = click.option(
    "--as-of", metavar="DATE", help="The versions in force on DATE, of schemes named without one."
)

# Looking things up


@program.command(
    "list",
    formats=TABLE_FORMATS,
    examples=("futureindustry list 合肥",),
)
@click.argument("text", required=False, type=TEXT)
@click.pass_obj
def list_(run: _Run, text: str | None) -> None:
    """List the schemes, or those with TEXT in id, title or issuer."""
    from .store import catalog

    store = catalog()
    found = store.search(text) if text else list(store)
    heads = [(series, store.head(f"{series.id}@{series.versions[-1]}")) for series in found]
    if run.format == "json":
        run.deliver_json(
            [
                {
                    "id": series.id,
                    "issuer": series.issuer,
                    "title": dict(head.title),
                    "formula": head.formula and str(head.formula),
                    "versions": list(series.versions),
                    "confidence": head.confidence,
                    "limitations": [text.show(run.lang) for text in head.limitations],
                }
                for series, head in heads
            ]
        )
        return
    rows = [
        (
            series.id, str(head.formula or ""), ", ".join(series.versions), head.confidence or "",
            str(len(head.limitations) or ""), head.title.show(run.lang),
        )
        for series, head in heads
    ]  # fmt: skip
    if rows or run.format != "text":
        columns = ("series", "formula", "versions", "confidence", "limitations", "title")
        run.deliver_table(columns, rows)
    if any(head.limitations for _, head in heads):
        run.note(run.say("limited"))
    if not rows:
        run.note(run.say("nothing", text))


@program.command(
    formats=("text", "json", "csv", "md"),
    examples=(
        "futureindustry show hefei-htz/future-industries",
        "futureindustry show hefei-htz/future-industries --chart hefei.svg",
    ),
)
@click.argument("scheme", type=TEXT)
@click.option(
    "--depth",
    type=click.IntRange(1),
    help="Levels to draw; by default all, or 2 of a large scheme.",
)
@click.option("--as-of", metavar="DATE", help="The version in force on DATE.")
@_chart("the items", ("tree", "sunburst"))
@click.pass_obj
def show(
    run: _Run,
    scheme: str,
    depth: int | None,
    as_of: str | None,
    chart: str | None,
    kind: Literal["tree", "sunburst"],
) -> None:
    """Show a scheme: facts, limitations, items, sources."""
    found = _scheme(scheme, as_of=as_of)
    if chart is not None:
        run.deliver_chart(found.chart(kind, depth=depth, lang=run.lang), chart)
        return
    if run.format == "json":
        from .files import scheme_data

        run.deliver_json({"id": found.id, **scheme_data(found)})
    elif run.format == "csv":
        keys = ("code", "parent", "level", "slot", "open", "incomplete", "zh", "en")
        rows = [
            (
                item.code, item.parent_code or "", str(item.level), item.slot or "", str(item.open).lower(),
                str(item.incomplete).lower(), item.label.get("zh") or "", item.label.get("en") or "",
            )
            for item in found.values()
        ]  # fmt: skip
        run.deliver(_csv(keys, rows))
    else:
        run.deliver("\n".join(_portrait(run, found, depth)))


def _portrait(run: _Run, scheme: Scheme, depth: int | None) -> Iterator[str]:
    """Draw a scheme as text or Markdown."""
    from .text import display_width, pad

    markdown = run.format == "md"
    lang = run.lang
    facts = dict(_facts(run, scheme))
    titles = dict.fromkeys((scheme.title.show(lang), *scheme.title.values()))
    yield ("# " if markdown else "") + " / ".join(titles)
    yield f"\n`{scheme.id}`\n" if markdown else scheme.id + "\n"
    width = max((display_width(name) for name in facts), default=0) + 2
    for name, value in facts.items():
        yield f"- {name}: {value}" if markdown else pad(name, width) + value
    for key, texts in (
        ("limitations", scheme.limitations), ("conflicts", scheme.conflicts), ("notes", scheme.notes),
    ):  # fmt: skip
        if texts:
            yield from _section(
                run.say(key), [f"- {text.show(lang)}" for text in texts], markdown=markdown
            )
    levels = max((item.level for item in scheme.roots), default=0)
    for item in scheme.values():
        levels = max(levels, item.level)
    shown = min(levels, depth or (2 if len(scheme) > LARGE else levels))
    lines = list(_tree(run, scheme, scheme.roots, shown))
    title = f"{run.say('items')} ({len(scheme):,})"
    if len(lines) < len(scheme):
        lines += ["", run.say("depth", f"{len(lines):,}", f"{len(scheme):,}", shown, levels)]
    yield from _section(title, lines, markdown=markdown)
    sources = [
        f"- [{s.id}] "
        + ", ".join(filter(None, (s.title, s.publisher, s.date, s.kind, s.document, s.url, s.note)))
        for s in scheme.sources
    ]
    if sources:
        yield from _section(run.say("sources"), sources, markdown=markdown)


def _section(title: str, lines: Sequence[str], *, markdown: bool) -> Iterator[str]:
    yield f"\n## {title}\n" if markdown else f"\n{title}"
    yield from lines if markdown else (f"  {line}".rstrip() for line in lines)


def _facts(run: _Run, scheme: Scheme) -> Iterator[tuple[str, str]]:
    from .store import catalog

    issuers = catalog().issuers
    issuer = issuers[scheme.issuer].name.show(run.lang) if scheme.issuer in issuers else ""
    yield run.say("issuer"), f"{issuer} [{scheme.issuer}]" if issuer else scheme.issuer
    if scheme.formula:
        yield run.say("formula"), str(scheme.formula)
    if scheme.published:
        yield run.say("published"), scheme.published
    span = [
        run.say(key, date)
        for key, date in (("from", scheme.valid.start), ("to", scheme.valid.end))
        if date
    ]
    if span:
        yield run.say("valid"), " ".join(span)
    if scheme.confirmed:
        yield run.say("confirmed"), scheme.confirmed
    if scheme.supersedes:
        yield run.say("supersedes"), scheme.supersedes
    if scheme.origin is not None:
        others = [v for v in scheme.origin.series(scheme.series).versions if v != scheme.version]
        if others:
            yield run.say("other"), ", ".join(others)
    if scheme.confidence:
        yield run.say("confidence"), scheme.confidence


def _tree(
    run: _Run, scheme: Scheme, items: Sequence[Item], depth: int, before: str = ""
) -> Iterator[str]:
    """Draw items and what is below them, one line each."""
    markdown = run.format == "md"
    for n, item in enumerate(items):
        last = n == len(items) - 1
        if markdown:
            lead, below = f"{before}- ", before + "  "
        elif item.parent_code is None:
            lead, below = "", before
        else:
            lead, below = before + ("└─ " if last else "├─ "), before + ("   " if last else "│  ")
        yield lead + _line(run, scheme, item, hidden=depth == 1)
        if depth > 1:
            yield from _tree(run, scheme, item.children, depth - 1, below)


def _line(run: _Run, scheme: Scheme, item: Item, *, hidden: bool) -> str:
    label = item.label.show(run.lang)
    said = f"{item.code}  {label}" if scheme.levels else f"{label} [{item.code}]"
    if item.slot:
        said = f"{item.slot}  {said}"
    marks = [
        run.say(key) for key, flag in (("open", item.open), ("incomplete", item.incomplete)) if flag
    ]
    if item.valid.end:
        marks.append(run.say("to", item.valid.end))
    if hidden and item.descendants:
        marks.append(run.say("below", len(item.descendants)))
    return said + (f" ({', '.join(marks)})" if marks else "")


@program.command(
    formats=(*TABLE_FORMATS, "sssom"),
    examples=(
        "futureindustry resolve hefei-htz/future-industries 可控核聚变 量子科技",
        "cut -d, -f2 data.csv | futureindustry resolve hefei-htz/future-industries - --format csv",
    ),
)
@click.argument("scheme", type=TEXT)
@click.argument("labels", nargs=-1, required=True, type=TEXT, metavar="LABEL...")
@click.option("--as-of", metavar="DATE", help="Resolve in the version in force on DATE.")
@click.pass_obj
def resolve(run: _Run, scheme: str, labels: tuple[str, ...], as_of: str | None) -> int:
    """
    Say which item each LABEL means, and why.

    The label - stands for labels from stdin, one on each line. Exit status 1 if a label is
    unknown, ambiguous or outside the scheme.
    """
    found = _scheme(scheme, as_of=as_of)
    given = [
        label for given in labels for label in (_stdin_lines(run) if given == "-" else [given])
    ]
    resolutions = [found.resolve(label) for label in given]
    if run.format == "json":
        run.deliver_json([r.to_dict(run.lang) for r in resolutions])
    elif run.format == "sssom":
        if resolutions:
            from .mapping import resolutions_to_sssom

            run.deliver(resolutions_to_sssom(resolutions))
    elif run.format == "text":
        if resolutions:
            run.deliver("\n".join(" ".join(r.explain(run.lang).splitlines()) for r in resolutions))
    else:
        keys = ("label", "outcome", "code", "item", "relation", "explanation")
        rows = [
            (
                r.label, r.outcome, r.code or "", r.item.label.show(run.lang) if r.item else "",
                r.relation or "", r.explain(run.lang),
            )
            for r in resolutions
        ]  # fmt: skip
        run.deliver_table(keys, rows)
    return int(any(r.outcome not in ("resolved", "open") for r in resolutions))


def _stdin_lines(run: _Run) -> list[str]:
    return [line.strip() for line in _document(run, "-").splitlines() if line.strip()]


# Tables


def _column(name: str, what: str, **more: Any) -> Callable[[Any], Any]:
    return click.option(f"--{name}", metavar="COL", type=TEXT, help=what, **more)


def _columns_that_decide(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that validate and recode have in common."""
    options = (
        click.option(
            "--scheme", metavar="SCHEME", type=TEXT, help="Scheme of the labels; or give --park."
        ),
        click.option(
            "--spec",
            metavar="FILE",
            type=TEXT,
            help="Specification of the dataset; the other options win over what it says.",
        ),
        _column("sector", "Column with the label.", default=DEFAULT_SECTOR, show_default=True),
        _column("park", "Column that names the issuer; picks the scheme of each row."),
        _column("date", "Column with the date; picks the version then in force."),
        _column("tier", "Column that names the tier; settles names that occur in two."),
        _as_of,
        click.option("--encoding", metavar="NAME", help="Of a CSV file; found out if not given."),
        click.option(
            "--sheet", metavar="NAME", help="Sheet of an Excel file; the first if not given."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _given_spec(spec: str | None, sector: str) -> Specification | None:
    """Read the specification; a column of labels that was asked for by name is the only one."""
    if spec is None:
        return None
    from .specification import read_specification

    found = read_specification(spec)
    source = click.get_current_context().get_parameter_source("sector")
    return found if source is click.core.ParameterSource.DEFAULT else found.only(sector)


def _given_scheme(scheme: str | None, park: str | None, spec: object = None) -> Scheme | str | None:
    if scheme is None:
        if park is None and spec is None:
            raise click.UsageError(
                "say which scheme the labels belong to: --scheme, or --park for the column that names it, or --spec"
            )
        return None
    return _scheme(scheme) if scheme.endswith((".yaml", ".yml")) else scheme


def _keep_input(out: str | None, data: str, *others: str) -> None:
    """Refuse to write over what is read."""
    import glob

    if out is None:
        return
    target = Path(out).resolve()
    inputs = [data] if Path(data).exists() else glob.glob(data)  # noqa: PTH207 - Path.glob takes no absolute pattern
    inputs += others
    for path in map(Path, inputs):
        if path.resolve() in target.parents or (target.exists() and target.samefile(path)):
            raise click.UsageError(
                f"{out} is the input; the data is never written over: choose another name"
            )


@program.command(
    formats=(*REPORT_FORMATS, "xlsx"),
    examples=(
        "futureindustry validate data.csv --scheme hefei-htz/future-industries -o report.html",
        "futureindustry validate parks.xlsx --park 园区 --value 数值 --key 序号",
        "futureindustry validate parks.csv --spec parks.spec.yaml --baseline parks.baseline.yaml",
    ),
)
@click.argument("data")
@_columns_that_decide
@_column("code", "Column with a code, checked against the label.")
@_column("value", "Column with an amount, checked as a number.")
@_column("key", "Column that identifies a row (repeatable).", multiple=True)
@click.option("--baseline", metavar="FILE", type=TEXT, help="Accept the findings in FILE.")
@click.option(
    "--write-baseline",
    metavar="FILE",
    type=TEXT,
    help="Write all findings to FILE, to be accepted from now on.",
)
@click.option(
    "--fix", metavar="OUT", type=TEXT,
    help="Write DATA with what is certain mended to OUT, show the changes, and report on the rest.",
)  # fmt: skip
@click.option(
    "--diff", is_flag=True, help="Show what --fix would change; write and report nothing."
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(0),
    help="Findings of a rule and column that are written; the others are counted.",
)
@_out("the report")
@click.pass_obj
def validate(
    run: _Run,
    data: str,
    scheme: str | None,
    spec: str | None,
    sector: str,
    park: str | None,
    date: str | None,
    tier: str | None,
    as_of: str | None,
    encoding: str | None,
    sheet: str | None,
    code: str | None,
    value: str | None,
    key: tuple[str, ...],
    baseline: str | None,
    write_baseline: str | None,
    limit: int | None,
    fix: str | None,
    diff: bool,
    out: str | None,
) -> int:
    """
    Say what is wrong with the labels in DATA.

    DATA is a CSV, Parquet or Excel file. With --quiet, errors only. What a rule means: futureindustry rule FI101.
    """
    import attrs

    from .dataset import validate as check_data

    given = _given_scheme(scheme, park, spec)
    columns = _given_spec(spec, sector)
    for target in (out, write_baseline, fix):
        others = (spec, None if target is write_baseline else baseline)
        _keep_input(target, data, *filter(None, others))
    if diff or fix is not None:
        chosen = {
            "scheme": given, "sector": DEFAULT_SECTOR if columns else sector, "code": code,
            "park": park, "date": date, "tier": tier, "as_of": as_of, "spec": columns,
            "encoding": encoding, "sheet": sheet,
        }  # fmt: skip
        mended = _mended(run, data, chosen, None if diff else fix, out)
        if diff or mended is None:
            return 0
        # The report is about what is left.
        data, encoding, sheet = mended, None, None
    if run.format == "xlsx" and out in (None, "-"):
        raise click.UsageError("a workbook is no text; name a file: -o report.xlsx")
    with run.waiting("checking", data):
        report = check_data(
            data, scheme=given, sector=DEFAULT_SECTOR if columns else sector, code=code, park=park,
            date=date, tier=tier, value=value, key=key, as_of=as_of, spec=columns, baseline=baseline,
            encoding=encoding, sheet=sheet,
        )  # fmt: skip
    report = attrs.evolve(report, limit=limit)
    if write_baseline is not None:
        from .files import write_text
        from .specification import format_baseline

        entries = report.acceptances(columns.accepted if columns else ())
        try:
            write_text(os.path.realpath(write_baseline), format_baseline(entries))
        except OSError as error:
            raise FutureIndustryError(
                f"{write_baseline} cannot be written: {error.strerror}"
            ) from None
        run.note(run.say("baseline", n=len(entries), out=write_baseline))
        report = report.accept(entries)
    _deliver_report(run, report, out)
    return int(not report.ok)


def _mended(
    run: _Run, data: str, chosen: Mapping[str, Any], target: str | None, out: str | None
) -> str | None:
    """Show what is mended; write it where there is a target, and give that."""
    from .corrections import mend
    from .datafiles import write_table

    if target is None and run.format not in ("text", "json", "csv"):
        raise click.UsageError("changes are shown as text, json or csv")
    if target is not None and Path(target).suffix.lower() not in DATA_ENDINGS:
        raise click.UsageError(
            f"cannot tell the format from {target}; end it in {', '.join(DATA_ENDINGS)}"
        )
    with run.waiting("checking", data):
        found = mend(data, **chosen)
    if target is None:
        patch = {"json": found.to_json, "csv": found.to_csv}.get(run.format)
        run.deliver(patch() if patch else found.to_text(run.lang), out)
        return None
    run.note(found.to_text(run.lang).rstrip("\n"))
    write_table(found.data, target, source=data)
    run.note(run.say("written", target))
    return target


def _workbook(report: Report, lang: Lang) -> bytes:
    import io

    from .report import write_report_workbook

    book = io.BytesIO()
    write_report_workbook(report, book, lang)
    return book.getvalue()


def _deliver_report(run: _Run, report: Report, out: str | None = None) -> None:
    from .report import format_report

    shown = report
    if run.quiet:
        import attrs

        shown = attrs.evolve(report, findings=[f for f in report.findings if f.severity == "error"])
        if run.format == "text" and report.ok and out is None:
            return
    if run.format == "xlsx":
        run.deliver_workbook(lambda: _workbook(shown, run.lang), out)
    else:
        run.deliver(format_report(shown, run.format, run.lang), out)
    if out is not None and out != "-":
        run.note(report.to_text(run.lang).splitlines()[-1])


@program.command(
    examples=(
        "futureindustry recode data.csv --scheme hefei-htz/future-industries -o coded.csv",
        "futureindustry recode parks.csv --park 园区 --to miit/future-industries -o coded.xlsx",
    ),
)
@click.argument("data")
@_columns_that_decide
@_column("code", "Column with a code; settles a label that may mean several items.")
@click.option("--to", metavar="SCHEME", type=TEXT, help="Give the codes of this scheme instead.")
@click.option(
    "--policy", metavar="keep|explode|weight|reject", default="keep", show_default=True,
    help="What to do where a cell means several items.",
)  # fmt: skip
@click.option(
    "--reason", "explained", is_flag=True,
    help="Add a column sector_reason: why a cell has its codes, or has none.",
)  # fmt: skip
@click.option(
    "--fix",
    is_flag=True,
    help="Mend first what is certain (FI104, FI115, FI116), and show the changes.",
)
@click.option(
    "-o",
    "--out",
    "target",
    metavar="OUT",
    required=True,
    help="Write the data to OUT: .csv, .parquet or .xlsx.",
)
@click.pass_obj
def recode(
    run: _Run,
    data: str,
    scheme: str | None,
    spec: str | None,
    sector: str,
    park: str | None,
    date: str | None,
    tier: str | None,
    as_of: str | None,
    encoding: str | None,
    sheet: str | None,
    code: str | None,
    to: str | None,
    policy: Literal["keep", "explode", "weight", "reject"],
    explained: bool,
    fix: bool,
    target: str,
) -> None:
    """
    Add to DATA the items that its labels mean.

    DATA is a CSV, Parquet or Excel file. An OUT that exists is replaced as a whole; it is never the input. --policy: keep joins
    several codes in one cell, explode makes a row of each, weight does so with shares that sum to
    1, reject refuses. From one version of a series to another (--to), items are followed
    through splits and mergers.
    """
    from .datafiles import counted, read_table, steady, write_table
    from .dataset import recode as recode_data

    given = _given_scheme(scheme, park, spec)
    columns = _given_spec(spec, sector)
    if Path(target).suffix.lower() not in DATA_ENDINGS:
        raise click.UsageError(
            f"cannot tell the format from {target}; end it in {', '.join(DATA_ENDINGS)}"
        )
    _keep_input(target, data, *filter(None, (spec,)))
    with run.waiting("reading", data):
        with steady(data):
            table, findings = read_table(data, encoding=encoding, sheet=sheet)
            if fix:
                from .corrections import mend

                mended = mend(
                    table, scheme=given, sector=DEFAULT_SECTOR if columns else sector, code=code, park=park,
                    date=date, tier=tier, as_of=as_of, spec=columns,
                )  # fmt: skip
                table = mended.data
                run.note(mended.to_text(run.lang).rstrip("\n"))
            coded = recode_data(
                table, scheme=given, sector=DEFAULT_SECTOR if columns else sector,
                to=_dated(to, as_of) if to else None, policy=policy, code=code, park=park, date=date,
                tier=tier, as_of=as_of, spec=columns, reason=run.lang if explained else None,
            )  # fmt: skip
        prefixes = [columns.prefix(c) for c in columns.sectors] if columns else ["sector"]
        coded, counts = counted(coded, [f"{prefix}_outcome" for prefix in prefixes])
        write_table(coded, target, source=data)
    rows = sum(counts.values()) // len(prefixes)
    outcomes = {outcome or "missing": count for outcome, count in counts.items()}
    for finding in findings:
        run.note(f"{finding.rule}: {finding.say(run.lang)}")
    if run.format == "json":
        run.deliver_json({"out": target, "rows": rows, "outcomes": dict(sorted(outcomes.items()))})
    elif not run.quiet:
        from .report import OUTCOME_WORDS

        words = OUTCOME_WORDS[run.lang]
        said = ", ".join(f"{words[key]} {outcomes[key]:,}" for key in words if key in outcomes)
        run.deliver(f"{target}: {run.say('rows', n=rows, said=said or run.say('none'))}")


# Between schemes


@program.command(
    "map",
    formats=(*TABLE_FORMATS, "sssom"),
    examples=(
        "futureindustry map hefei-htz/future-industries shenzhen/20-plus-8",
        "futureindustry map hefei-htz/future-industries shenzhen/20-plus-8 -o maps.sssom.tsv",
    ),
)
@click.argument("a", type=TEXT)
@click.argument("b", type=TEXT)
@_as_of
@click.option("--explain", is_flag=True, help="Say what each map rests on.")
@_out("the maps")
@click.pass_obj
def map_(run: _Run, a: str, b: str, as_of: str | None, explain: bool, out: str | None) -> None:
    """
    Give the maps from the items of scheme A to those of B.

    Maps that share an item are one bundle, to be read together: an item may equal several
    targets taken as one. --explain adds the premises of each map, with file and line.
    """
    from .mapping import correspondence

    source, target = _dated(a, as_of), _dated(b, as_of)
    found = correspondence(source, target)
    if run.format == "sssom":
        run.deliver(found.to_sssom(), out)
        return
    cardinality = found.cardinality()
    kinds = [kind for _, kind in cardinality.per_map]
    bundles = {
        code: n for n, (codes, _) in enumerate(cardinality.per_component, 1) for code in codes
    }
    if run.format == "json":
        maps = [
            {
                "source": m.source,
                "target": m.target,
                "relation": str(m.relation),
                "word": m.relation.word,
                "predicate": m.relation.predicate()[0],
                "weight": m.weight,
                "confidence": m.confidence,
                "justification": m.justification,
                "cardinality": kind,
                "bundle": bundles[m.source],
                "derivation": list(found.explain(m, run.lang)) if found.derived else [],
                "place": str(m.place) if m.place else None,
            }
            for m, kind in zip(found.maps, kinds, strict=True)
        ]
        run.deliver_json({"source": found.source, "target": found.target, "maps": maps}, out)
    elif run.format == "text":
        key = "derived" if found.derived else "asserted"
        lines = [run.say(key, a=found.source, b=found.target, n=len(found.maps))]
        last = None
        for m, common in _by_common(found):
            item, other = source[m.source], target[m.target]
            if m.source != last:
                last = m.source
                lines += ["", f"{item.label.show(run.lang)} [{item.code}]"]
            said = m.relation.sentence(
                item.label.show(run.lang), f"{other.label.show(run.lang)} [{other.code}]", run.lang
            )
            share = "" if m.weight is None else f", {run.say('share', m.weight)}"
            if common is not None:
                n, of_source, of_target = common
                share += "; " + run.say("in_common", n=n, a=n / of_source, b=n / of_target)
            lines.append(f"  {said}  ({_predicate(run, m.relation)}{share})")
            if explain:
                lines += (f"    {line}" for line in found.explain(m, run.lang))
        if left := found.unmapped():
            lines += ["", run.say("unmapped", b=found.target, n=len(left))]
            lines += [f"  {item.label.show(run.lang)} [{item.code}]" for item in left]
        if found.maps:
            counts = cardinality.counts()
            of_maps, of_bundles = (
                ", ".join(f"{kind} {n}" for kind, n in counts[key].items())
                for key in ("maps", "components")
            )
            lines += ["", run.say("cardinalities", maps=of_maps, bundles=of_bundles)]
        if found.derived and found.maps and not explain:
            lines += [run.say("why", a=found.source, b=found.target)]
        run.deliver("\n".join(lines), out)
    else:
        keys = ("source", "target", "relation", "word", "predicate", "share_of", "score",
                "cardinality", "justification", *(("premises",) if explain else ()))  # fmt: skip
        rows = [
            (
                m.source, m.target, str(m.relation),
                m.relation.sentence(source[m.source].label.show(run.lang), target[m.target].label.show(run.lang), run.lang),
                m.relation.predicate()[0], _number(m.weight), _number(m.confidence), kind,
                m.justification or "",
                *(("; ".join(found.explain(m, run.lang)),) if explain else ()),
            )
            for m, kind in zip(found.maps, kinds, strict=True)
        ]  # fmt: skip
        run.deliver_table(keys, rows, out)


def _by_common(found: Correspondence) -> Iterator[tuple[Map, tuple[int, int, int] | None]]:
    """Give the maps of each item in their order, but those that may be overlaps last, the largest first."""
    from .relation import Relation

    last: list[tuple[Map, tuple[int, int, int]]] = []
    # A class of an official classification holds few concepts as a whole: the count says nothing.
    counted = not any(scheme.levels for scheme in found.schemes or ())
    for n, m in enumerate(found.maps):
        common = found.in_common(m) if counted and m.relation.mask & Relation.PO.mask else None
        if common is None or not common[0]:
            yield m, None
        else:
            last.append((m, common))
        if n + 1 == len(found.maps) or found.maps[n + 1].source != m.source:
            yield from sorted(last, key=lambda pair: -pair[1][0] / min(pair[1][1:]))
            last = []


def _number(value: float | None) -> str:
    return "" if value is None else format(value, ".6g")


def _predicate(run: _Run, relation: Any) -> str:
    name, whole = relation.predicate()
    return str(name) if whole else f"{name}, {run.say('weaker')}"


@program.command(
    formats=TABLE_FORMATS,
    examples=(
        "futureindustry relation hefei-htz/future-industries#fusion-energy shanghai/future-industries#future-energy",
    ),
)
@click.argument("x", metavar="A#X", type=TEXT)
@click.argument("y", metavar="B#Y", type=TEXT)
@click.option("--paths", "every", is_flag=True, help="Show every path, not only what suffices.")
@_as_of
@_out("the relation")
@click.pass_obj
def relation(run: _Run, x: str, y: str, every: bool, as_of: str | None, out: str | None) -> None:
    """Say how item X of scheme A relates to item Y of B, and why."""
    from .mapping import relation_between

    found = relation_between(x, y, as_of=as_of)
    if run.format == "json":
        run.deliver_json(
            {
                "source": found.source,
                "target": found.target,
                "relation": str(found.relation),
                "word": found.relation.word,
                "predicate": found.relation.predicate()[0],
                "confidence": found.confidence,
                "justification": found.justification,
                "paths": found.paths,
                "derivation": [premise.sentence(run.lang) for premise in found.derivation],
            }
            | (
                {
                    "ways": [
                        {
                            "relation": str(way.relation),
                            "derivation": [premise.sentence(run.lang) for premise in way.premises],
                        }
                        for way in found.ways
                    ]
                }
                if every
                else {}
            ),
            out,
        )
    elif run.format == "text":
        run.deliver(found.explain(run.lang, every=every), out)
    else:
        # The answer, then the premises from which it follows.
        keys = ("part", "source", "target", "relation", "word", "reason", "place", "score")
        rows = [
            (
                run.say("answer"), found.source, found.target, str(found.relation),
                found.sentence(run.lang), found.justification or "", "", _number(found.confidence),
            )
        ]  # fmt: skip
        premises = [("", p) for p in found.derivation]
        if every:
            premises = [(f" {n}", p) for n, way in enumerate(found.ways, 1) for p in way.premises]
        rows += (
            (
                run.say("premise") + n, p.subject, p.object, str(p.relation), p.sentence(run.lang),
                p.reason, str(p.place or ""), _number(p.confidence),
            )
            for n, p in premises
        )  # fmt: skip
        run.deliver_table(keys, rows, out)


@program.command(
    formats=(*TABLE_FORMATS, "xlsx"),
    examples=(
        "futureindustry diff shenzhen/20-plus-8@2022-06 shenzhen/20-plus-8@2024-03",
        "futureindustry diff npc/five-year-plan-future-industries@14th-2021 "
        "npc/five-year-plan-future-industries@15th-2026 --chart plans.png",
        "futureindustry diff shenzhen/20-plus-8 --from 2022-12 -o changes.xlsx",
    ),
)
@click.argument("old", metavar="A", type=TEXT)
@click.argument("new", metavar="[B]", type=TEXT, required=False)
@click.option("--from", "start", metavar="DATE", help="The version of A in force on DATE.")
@click.option("--to", "end", metavar="DATE", help="The version of B (or of A) in force on DATE.")
@click.option("--all", "everything", is_flag=True, help="Show unchanged items as well.")
@_chart("the changes")
@_out("the changes")
@click.pass_obj
def diff(
    run: _Run,
    old: str,
    new: str | None,
    start: str | None,
    end: str | None,
    everything: bool,
    chart: str | None,
    out: str | None,
) -> None:
    """
    Say what happened to each item between two versions.

    With --from, B may be left out: then the later version is the newest one of the same series.
    """
    from .changes import transition

    if new is None:
        if start is None:
            raise click.UsageError(
                "missing argument 'B': name the later version, or give --from DATE to compare a "
                "series with itself"
            )
        new = old
    before, after = _scheme(old, as_of=start), _scheme(new, as_of=end)
    if before.series != after.series:
        run.note(run.say("two_series", a=before.id, b=after.id))
    step = transition(before, after)
    found = step.changes
    if chart is not None:
        run.deliver_chart(step.chart(lang=run.lang), chart)
        return
    if run.format == "json":
        run.deliver_json(
            [
                {
                    "change": c.change,
                    "old": list(c.old),
                    "new": list(c.new),
                    "evidence": [said.say(run.lang) for said in c.evidence],
                }
                for c in found
            ],
            out,
        )
        return
    if run.format == "xlsx":
        run.deliver_workbook(lambda: step.to_excel(lang=run.lang), out)
        return
    if run.format == "html":
        run.deliver(step.to_html(run.lang), out)
        return
    shown = [c for c in found if everything or c.change != "unchanged"]
    rows = [_change_row(run, change, before, after) for change in shown]
    if run.format != "text":
        rows = [
            (*row, "; ".join(said.say(run.lang) for said in c.evidence))
            for row, c in zip(rows, shown, strict=True)
        ]
        run.deliver_table(("change", "old", "new", "evidence"), rows, out)
        return
    lines: list[str] = []
    if shown:
        for (kind, was, became), change in zip(rows, shown, strict=True):
            lines.append(f"{kind}: {became if was == became else f'{was} → {became}'}")
            lines += (f"    {said.say(run.lang)}" for said in change.evidence)
    else:
        lines.append(run.say("same"))
    if len(shown) < len(found):
        lines += ["", run.say("unchanged", len(found) - len(shown))]
    run.deliver("\n".join(lines), out)


def _change_row(run: _Run, change: ItemChange, old: Scheme, new: Scheme) -> tuple[str, ...]:
    def items(scheme: Scheme, codes: Sequence[str]) -> str:
        return ", ".join(
            f"{scheme[c].label.show(run.lang)} [{c}]" if c in scheme else c for c in codes
        )

    from .memo import CHANGES_ZH

    kind = CHANGES_ZH[change.change] if run.lang == "zh" and run.format != "csv" else change.change
    return (
        kind,
        items(old, change.old) or run.say("none"),
        items(new, change.new) or run.say("none"),
    )


@program.command(
    formats=TABLE_FORMATS,
    examples=(
        "futureindustry annotate report.txt --scheme hefei-htz/future-industries",
        "futureindustry annotate companies.csv --column 主营业务 --key 代码 -o mentions.csv",
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=TEXT)
@click.option(
    "--scheme",
    "schemes",
    multiple=True,
    metavar="SCHEME",
    help="Give the items that the mentions mean in SCHEME (repeatable).",
)
@_column("column", "Column with the text; FILE is then a table (CSV, Parquet or Excel).")
@_column("key", "Column that stands for the row in the result (repeatable).", multiple=True)
@_as_of
@_out("the mentions")
@click.pass_obj
def annotate(
    run: _Run,
    files: tuple[str, ...],
    schemes: tuple[str, ...],
    column: str | None,
    key: tuple[str, ...],
    as_of: str | None,
    out: str | None,
) -> None:
    """Find the concepts that texts mention; - reads standard input."""
    if key and column is None:
        raise click.UsageError("--key needs --column: only the rows of a table have keys")
    loaded = [_dated(name, as_of) for name in schemes]
    if column is not None:
        _annotate_tables(run, files, loaded, column, key, out)
        return
    from .mentions import annotate as mentions_in

    found = [
        (file, mention) for file in files for mention in mentions_in(_document(run, file), loaded)
    ]
    if run.format == "json":
        run.deliver_json([{"file": file, **mention.to_dict()} for file, mention in found], out)
        return
    rows = [
        (
            file, str(m.start), m.text, m.label.show(run.lang),
            ", ".join(f"{id_}#{r.code} ({r.relation})" for id_, r in m.items.items()),
            _flags(run, negated=m.negated, other_party=m.other_party),
        )
        for file, m in found
    ]  # fmt: skip
    run.deliver_table(("file", "start", "text", "item", "schemes", "flags"), rows, out)


def _flags(run: _Run, *, negated: bool, other_party: bool) -> str:
    on = [word for word, is_on in (("negated", negated), ("other-party", other_party)) if is_on]
    return " ".join(on if run.format == "csv" else map(run.say, on))


def _document(run: _Run, file: str) -> str:
    """Read a text of any length, character for character."""
    from .mentions import decoded

    if file == "-":
        name, content = "stdin", sys.stdin.buffer.read()
    else:
        name = file
        try:
            content = Path(file).read_bytes()
        except OSError as error:
            raise UnreadableData(f"{file} cannot be read: {error.strerror}") from None
    text, as_gb = decoded(content, name)
    if as_gb:
        run.note(run.say("read_as_gb", name))
    return text


def _annotate_tables(
    run: _Run,
    files: tuple[str, ...],
    schemes: list[Scheme],
    column: str,
    key: tuple[str, ...],
    out: str | None,
) -> None:
    import narwhals as nw

    from .datafiles import read_table
    from .mentions import annotate_table

    rows: list[dict[str, Any]] = []
    for file in files:
        frame, findings = read_table(file)
        if any(finding.rule == "FI116" for finding in findings):
            run.note(run.say("read_as_gb", file))
        found = nw.from_native(annotate_table(frame, column, schemes, key=key or None))
        eager = found.collect() if isinstance(found, nw.LazyFrame) else found
        rows += [{"file": file, **row} for row in eager.rows(named=True)]
    if run.format == "json":
        run.deliver_json(rows, out)
        return
    if run.format == "csv":
        keys = list(rows[0]) if rows else ["file", *(key or ("row",)), "start", "text", "concept"]
        lines = [["" if row[k] is None else str(row[k]) for k in keys] for row in rows]
        run.deliver_table(keys, lines, out)
        return
    from .store import catalog

    hub = catalog().hub()
    where = key or ("row",)

    def line(row: Mapping[str, Any]) -> list[str]:
        concept = hub.get((row["concept"] or "").rpartition("#")[2])
        items = [
            f"{s.id}#{row[f'{s.id} code']} ({row[f'{s.id} relation']})"
            for s in schemes
            if row[f"{s.id} code"]
        ]
        cells = (row["file"], *(row[name] for name in where), row["start"], row["text"])
        label = concept.label.show(run.lang) if concept else row["label"] or ""
        flags = _flags(run, negated=row["negated"], other_party=row["other_party"])
        return [*("" if c is None else str(c) for c in cells), label, ", ".join(items), flags]

    heads = ("file", *where, "start", "text", "item", "schemes", "flags")
    run.deliver_table(heads, [line(row) for row in rows], out)


@program.command(
    formats=(*TABLE_FORMATS, "xlsx"),
    examples=(
        "futureindustry specialisation data.csv --park 园区 --sector 行业 --value 产值",
        "futureindustry specialisation data.csv --park 园区 --sector 行业 --value 产值 --to miit/future-industries -o lq.xlsx",
    ),
)
@click.argument("data")
@_column("park", "Column with the park.", required=True)
@_column("sector", "Column with the sector.", required=True)
@_column("value", "Column with the amount; without it rows are counted.")
@click.option("--scheme", metavar="SCHEME", help="Scheme of the labels.")
@click.option("--to", metavar="SCHEME", help="Scheme whose items are the sectors.")
@_column("date", "Column with the date; picks the version then in force.")
@_column("tier", "Column that names the tier; settles names that occur in two.")
@_as_of
@_chart("them", ("heatmap", "bars", "lorenz"))
@_out("the indices")
@click.pass_obj
def specialisation(
    run: _Run,
    data: str,
    park: str,
    sector: str,
    value: str | None,
    scheme: str | None,
    to: str | None,
    date: str | None,
    tier: str | None,
    as_of: str | None,
    chart: str | None,
    kind: Literal["heatmap", "bars", "lorenz"],
    out: str | None,
) -> None:
    """Measure how specialised parks are: location quotient, HHI, entropy, Krugman index."""
    from .indices import specialisation as measure

    _keep_input(out, data)
    found = measure(
        data,
        park=park,
        sector=sector,
        value=value,
        scheme=_dated(scheme, as_of) if scheme else None,
        to=_dated(to, as_of) if to else None,
        date=date,
        tier=tier,
        as_of=as_of,
    )
    if chart is not None:
        run.deliver_chart(found.chart(kind, lang=run.lang), chart)
        return
    _deliver_document(run, found, out)


@program.command(
    formats=(*TABLE_FORMATS, "xlsx"),
    examples=(
        "futureindustry history quantum-information",
        "futureindustry history shenzhen/20-plus-8 --chart shenzhen.html",
    ),
)
@click.argument("what", metavar="SERIES|CONCEPT", type=TEXT)
@click.option("--as-of", metavar="DATE", help="Leave out what happened after DATE.")
@_chart("the timeline")
@_out("the history")
@click.pass_obj
def history(run: _Run, what: str, as_of: str | None, chart: str | None, out: str | None) -> None:
    """
    Tell the history of a series, or of a concept: who named it, first to last.

    A series is written issuer/series; a concept by its code in the hub, or one of its names.
    """
    from .changes import history as transitions
    from .changes import namings

    of_series = "/" in what and "#" not in what
    if of_series:
        told: Any = transitions(what, as_of=as_of)
    else:
        told = namings(what, as_of=as_of)
        if told.undated:
            run.note(run.say("undated", n=len(told.undated), names=", ".join(told.undated)))
    if chart is not None:
        run.deliver_chart(told.chart(lang=run.lang), chart)
        return
    if run.format in ("html", "xlsx"):
        _deliver_document(run, told, out)
        return
    if of_series:
        rows = [
            (
                step.new.partition("@")[2],
                *_change_row(run, change, *step.schemes),
                *(
                    ["; ".join(s.say(run.lang) for s in change.evidence)]
                    if run.format != "text"
                    else []
                ),
            )
            for step in told
            for change in step.changes
            if change.change != "unchanged"
        ]
        heads: tuple[str, ...] = ("versions", "change", "old", "new")
    else:
        rows = [
            (
                n.date or run.say("none"), n.item.scheme.id, n.item.label.show(run.lang), n.relation,
                *(["; ".join(s.say(run.lang) for s in n.evidence)] if run.format != "text" else []),
            )
            for n in told
        ]  # fmt: skip
        heads = ("from_date", "scheme", "item", "relation")
    if run.format != "text":
        heads = (*heads, "evidence")
    if run.format == "json":
        run.deliver_json([dict(zip(heads, row, strict=True)) for row in rows], out)
    elif rows:
        run.deliver_table(heads, rows, out)
    else:
        run.note(run.say("one_version") if of_series else run.say("unnamed", what))


@program.command(
    formats=(*TABLE_FORMATS, "xlsx"),
    examples=(
        "futureindustry compare hefei-htz/future-industries miit/future-industries -o both.html",
        "futureindustry compare hefei-htz/future-industries miit/future-industries --chart both.png",
        "futureindustry compare --of park --of city --as-of 2024-06 -o parks.xlsx",
        "futureindustry compare --all --reference npc/five-year-plan-future-industries",
    ),
)
@click.argument("schemes", nargs=-1, metavar="[A B...]", type=TEXT)
@click.option("--all", "everything", is_flag=True, help="Compare all schemes of the catalogue.")
@click.option(
    "--of",
    "issuers",
    multiple=True,
    metavar="KIND",
    help="Compare all schemes of parks, of cities, … (park|district|city|province|ministry|nation; repeatable).",
)
@_as_of
@click.option(
    "--reference",
    metavar="SCHEME",
    help="Show instead what the schemes have of each item of this one.",
)
@_chart("them", ("heatmap", "similarity"))
@_out("the comparison")
@click.pass_obj
def compare(
    run: _Run,
    schemes: tuple[str, ...],
    everything: bool,
    issuers: tuple[str, ...],
    as_of: str | None,
    reference: str | None,
    chart: str | None,
    kind: Literal["heatmap", "similarity"],
    out: str | None,
) -> None:
    """
    Set schemes side by side, concept by concept: findings first, then the tables.

    Text shows the most of it; HTML and Excel have everything, with the maps behind each cell.
    """
    from .comparison import Comparison
    from .comparison import compare as side_by_side

    if bool(schemes) == (everything or bool(issuers)):
        raise click.UsageError(
            "a comparison needs two schemes or more: name them, or give --all or --of"
        )
    named = [_scheme(name) if name.endswith((".yaml", ".yml")) else name for name in schemes]
    with run.waiting("reading"):
        try:
            if reference is not None and len(named) == 1:
                from .store import as_scheme

                found = Comparison([as_scheme(named[0], as_of=as_of)])
            else:
                found = side_by_side(named or None, of=issuers or None, as_of=as_of)
        except ValueError as error:  # the same scheme given twice, no such kind
            raise FutureIndustryError(str(error)) from None
    if found.undated:
        run.note(run.say("undated", n=len(found.undated), names=", ".join(found.undated)))
    if reference is not None:
        covered = found.coverage(_dated(reference, as_of))
        _deliver_document(run, covered, out)
    elif chart is not None:
        run.deliver_chart(found.chart(kind, lang=run.lang), chart)
    else:
        _deliver_document(run, found, out)


def _deliver_document(run: _Run, found: Any, out: str | None) -> None:
    """Write what has a writer for each format."""
    if run.format == "xlsx":
        run.deliver_workbook(lambda: found.to_excel(lang=run.lang), out)
        return
    names = {"text": "to_text", "json": "to_json", "csv": "to_csv", "html": "to_html"}
    write: Callable[[Lang], str] = getattr(found, names.get(run.format, "to_markdown"))
    run.deliver(write(run.lang), out)


# Keeping the catalogue


@program.command(
    formats=REPORT_FORMATS,
    examples=("futureindustry check taxonomy/hefei-htz",),
)
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path(exists=True))
@click.pass_obj
def check(run: _Run, paths: tuple[str, ...]) -> int:
    """
    Say what is wrong with scheme and mapping files.

    Without PATH, with the whole catalogue.
    """
    from .lint import check as check_files

    with run.waiting("checking", " ".join(paths)):
        report = check_files(list(paths) or None)
    _deliver_report(run, report)
    return int(not report.ok)


@program.command(
    formats=("text",),
    examples=(
        "futureindustry new yantai/future-industries@2025-03",
        "futureindustry new --spec parks.spec.yaml",
    ),
)
@click.argument("scheme", required=False, type=TEXT)
@click.option(
    "--spec",
    metavar="FILE",
    type=TEXT,
    help="Write a commented specification of a dataset to FILE instead.",
)
@click.option(
    "--into",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    help="Catalogue folder; taxonomy/ where there is one, else the current folder.",
)
@click.pass_obj
def new(run: _Run, scheme: str | None, spec: str | None, into: str | None) -> None:
    """
    Write a commented file for a new SCHEME (issuer/series or issuer/series@version).

    Without a version the current month stands for it. A file that is there stays as it is.
    """
    import datetime
    import json

    from .files import json_schema, scheme_template, write_text
    from .model import split_id

    if (scheme is None) == (spec is None):
        raise click.UsageError("name the scheme, or the file of a specification with --spec")
    if spec is not None:
        from .specification import dataset_schema, specification_template

        target = Path(spec)
        if target.exists():
            _fail(f"{target} is already there; give another name, or edit it")
        beside = target.with_name("dataset.schema.json")
        if not beside.exists():
            write_text(beside, json.dumps(dataset_schema(), ensure_ascii=False, indent=2) + "\n")
        write_text(target, specification_template())
        run.deliver(spec)
        return
    if scheme is None:
        return
    series, version, _ = split_id(scheme)
    version = version or datetime.datetime.now(tz=datetime.UTC).strftime("%Y-%m")
    folder = Path(into or ("taxonomy" if Path("taxonomy").is_dir() else "."))
    path = folder / series / f"{version}.yaml"
    if path.exists():
        _fail(f"{path} is already there; give another version, or edit it")
    path.parent.mkdir(parents=True, exist_ok=True)
    # The first line of the file leads an editor to the schema.
    beside = folder / "scheme.schema.json"
    if not beside.exists():
        write_text(beside, json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n")
    write_text(path, scheme_template(series, version))
    run.deliver(str(path))


@program.command(
    "format",
    formats=("text",),
    examples=("futureindustry format taxonomy/hefei-htz/future-industries/2024-05.yaml",),
)
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False),
)
@click.pass_obj
def format_(run: _Run, paths: tuple[str, ...]) -> None:
    """
    Write scheme files in canonical form: one spelling for one fact.

    Comments are dropped; no fact is changed.
    """
    from .files import format_scheme, read_scheme_file, read_scheme_head, write_text

    for path in paths:
        beside = Path(path).with_suffix(".csv").exists()
        found = read_scheme_head(path) if beside else read_scheme_file(path)
        write_text(path, format_scheme(found))
        run.deliver(path)


@program.command(
    formats=EXPORT_FORMATS,
    endings=EXPORT_ENDINGS,
    examples=(
        "futureindustry export hefei-htz/future-industries --format xkos -o hefei.ttl",
        "futureindustry export nbs/gbt-4754 -o gbt-4754.xlsx",
    ),
)
@click.argument("scheme", type=TEXT)
@_out("the scheme")
@click.option("--as-of", metavar="DATE", help="The version in force on DATE.")
@click.pass_obj
def export(run: _Run, scheme: str, out: str | None, as_of: str | None) -> None:
    """
    Write SCHEME in a format of others: linked data, SDMX, schemas, tables, diagrams.

    Without --format the ending of FILE says which; .json alone is not enough.
    """
    from .formats import export as write

    if run.asked is None:
        raise click.UsageError(f"say which format with --format ({', '.join(EXPORT_FORMATS)})")
    run.deliver(write(_scheme(scheme, as_of=as_of), run.format), out)


@program.command(
    formats=("html", "md"),
    examples=("futureindustry docs site",),
)
@click.argument("outdir", type=click.Path(file_okay=False))
@click.option(
    "--scheme",
    "schemes",
    metavar="SCHEME",
    multiple=True,
    type=TEXT,
    help="Only this scheme (repeatable).",
)
@click.pass_obj
def docs(run: _Run, outdir: str, schemes: tuple[str, ...]) -> None:
    """
    Write the catalogue as pages into OUTDIR.

    --format html or md; both if not given.
    """
    from .pages import FORMATS, build_docs

    formats = FORMATS if run.asked is None else (run.format,)
    with run.waiting("writing"):
        pages = build_docs(outdir, [_scheme(name) for name in schemes] or None, formats=formats)  # type: ignore[arg-type]  # chosen among them by pick
    run.note(run.say("pages", n=len(pages), out=outdir, first=pages[0]))


@program.command(
    formats=TABLE_FORMATS,
    examples=("futureindustry rule FI101",),
)
@click.argument("code", required=False)
@click.pass_obj
def rule(run: _Run, code: str | None) -> None:
    """Explain the rule CODE of validate or check, or list them."""
    from .rules import RULES, rule_head, rule_page

    if code is not None and code.upper() not in RULES:
        hint = nearest(code.upper(), RULES)
        more = f'; did you mean "{hint[0]}"?' if hint else ""
        raise click.UsageError(f'no rule "{code}"{more}')
    lang = run.lang
    found = list(RULES.values()) if code is None else [RULES[code.upper()]]
    if run.format == "json":
        run.deliver_json(
            [
                {
                    "rule": r.code, "severity": r.severity, "title": dict(r.title), "mend": dict(r.mend),
                    "why": dict(r.why), "fixable": r.fixable, "example": list(r.example),
                    "examples": {lang: list(pair) for lang, pair in r.examples.items()},
                }
                for r in found
            ]
        )  # fmt: skip
    elif code is not None and run.format in ("text", "md"):
        head = "# " if run.format == "md" else ""
        text = rule_page(found[0].code, lang)
        if run.format == "text":
            text = text.replace("`", "")
        run.deliver(f"{head}{rule_head(found[0].code, lang)}\n{text}")
    else:
        rows = [(r.code, _severity(run, r.severity), r.title[lang], r.mend[lang]) for r in found]
        run.deliver_table(("rule", "severity", "title", "mend"), rows)


def _severity(run: _Run, severity: str) -> str:
    words = {"error": "错误", "warning": "警告", "info": "提示"}
    return words[severity] if run.lang == "zh" and run.format != "csv" else severity


@program.command(
    formats=("json",),
    examples=(
        "futureindustry schema > scheme.schema.json",
        "futureindustry schema --dataset > dataset.schema.json",
    ),
)
@click.option("--dataset", is_flag=True, help="That of specifications of datasets instead.")
@click.pass_obj
def schema(run: _Run, dataset: bool) -> None:
    """Print the JSON Schema of scheme files, for editors."""
    from .files import json_schema
    from .specification import dataset_schema

    run.deliver_json(dataset_schema() if dataset else json_schema())


# Tables as text


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    """Align columns for a terminal, where a Chinese character takes two."""
    from .text import display_width, pad

    cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths = [max(map(display_width, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(pad, row, widths)).rstrip() for row in cells)


def _csv(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    import csv
    import io

    from .report import escape_cell

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([escape_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Sequence[str]) -> str:
        return (
            "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"
        )

    return "\n".join((line(heads), "|---" * len(heads) + "|", *map(line, rows)))


def _html(heads: Sequence[str], rows: Sequence[Sequence[str]], lang: str) -> str:
    from html import escape

    from .report import PAGE_STYLE

    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>futureindustry</title>'
        f"<style>{PAGE_STYLE}</style></head><body><main><table><thead>{line(heads, 'th')}</thead><tbody>"
        + "\n".join(line(row, "td") for row in rows)
        + "</tbody></table></main></body></html>"
    )
