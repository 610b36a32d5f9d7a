# SPDX-License-Identifier: LGPL-2.1-or-later
"""What users read: found in the sources, said in their language, and fit to be read aloud."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"

loader = SourceFileLoader("texts", str(ROOT / "tools/texts"))
spec = importlib.util.spec_from_loader("texts", loader)
assert spec
tool = importlib.util.module_from_spec(spec)
sys.modules["texts"] = tool
loader.exec_module(tool)

TEXTS = tool.texts()
LANGUAGES = (ROOT / "po/LINGUAS").read_text().split()

#: A catalogue that shows what was found: the commands know no other language than it.
CATALOGUE = {
    "%s: cannot %s: %s\n": "%s! %s! %s\n",
    "load %s": "LADEN %s",
    "hint: %s\n": "RAT %s\n",
    "%s: note: ": "%s ZU ",
    ", or ": ", ODER ",
    "understand the command line": "VERSTEHEN",
    "{help} shows all that can be asked for": "ALLES IN {help}",
    "--mem-max=%#llx is not above --mem-min=%#llx": "UNTER %2$s LIEGT %1$s",
    "check the path, and that the file system with it (often /boot) is mounted": "PFAD",
    "print how many bytes are reserved for a crash kernel": "RESERVIERT",
}


@pytest.fixture(name="commands")
def fixture_commands(tmp_path: Path) -> Path:
    """A folder of programs, with a catalogue beside it as an installation has it."""
    if not (BUILD / "kexec").exists() or not shutil.which("msgfmt"):
        pytest.skip("the commands or msgfmt are not there")
    folder = tmp_path / "share/locale/fr/LC_MESSAGES"
    folder.mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    for name in ("kexec", "saut"):
        shutil.copy(BUILD / name, tmp_path / "bin" / name)
    ids = {text.msgid for text in TEXTS}
    assert set(CATALOGUE) <= ids, "the sources have changed: take other texts for this test"
    entries = [f"msgid {tool.quoted(a)}\nmsgstr {tool.quoted(b)}\n" for a, b in CATALOGUE.items()]
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    (tmp_path / "fr.po").write_text("\n".join([header, *entries]))
    subprocess.run(["msgfmt", "-o", folder / "saut.mo", tmp_path / "fr.po"], check=True)
    return tmp_path / "bin"


def run(commands: Path, line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """In French, if the environment has no more to say; C.UTF-8 is there without locales."""
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "LANGUAGE": "fr", **environment}
    name, *words = line.split()
    return subprocess.run([commands / name, *words], env=env, capture_output=True, text=True, check=False)


def test_sentences_are_translated(commands: Path) -> None:
    """As a whole, with the words of the command in it, and around the numbers that it is about."""
    done = run(commands, "kexec --mem-min=0x2000 --mem-max=0x1000 -l /vmlinuz")
    assert done.stderr == "kexec! VERSTEHEN! UNTER 0x2000 LIEGT 0x1000\nRAT ALLES IN kexec --help\n"


def test_sentences_are_translated_around_names(commands: Path) -> None:
    """What has no translation, as a name or a system call's failure, stays in its place."""
    done = run(commands, "kexec -l /no/such-kernel")
    assert done.stderr.startswith("kexec! LADEN /no/such-kernel! ")
    assert "RAT PFAD" in done.stderr


def test_columns_are_of_characters(commands: Path) -> None:
    line = next(line for line in run(commands, "kexec --help").stdout.splitlines() if "RESERVIERT" in line)
    english = next(line for line in run(commands, "kexec --help", LC_ALL="C").stdout.splitlines()
                   if "print how many" in line)
    assert line.index("RESERVIERT") == english.index("print how many")


@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LANGUAGE": "de"}, {"LANGUAGE": ""},
                                         {"LC_ALL": "fr_FR.ISO-8859-1"}], ids=str)
def test_english_elsewhere(commands: Path, environment: dict[str, str]) -> None:
    """Byte by byte what a command without a catalogue says."""
    for line in ("kexec --help", "kexec --mem-min=2 --mem-max=1", "saut --help", "saut nothing"):
        name, *words = line.split()
        plain = subprocess.run([BUILD / name, *words], env={"LC_ALL": "C"}, capture_output=True, text=True, check=False)
        done = run(commands, line, **environment)
        assert (done.stdout, done.stderr) == (plain.stdout, plain.stderr)


def test_programs_read_english(commands: Path) -> None:
    """JSON is the same in every language."""
    for line in ("saut status --json", "saut list --json"):
        assert run(commands, line).stdout == run(commands, line, LC_ALL="C").stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_stay_what_has_to_be_typed(commands: Path, tmp_path: Path, language: str) -> None:
    """A translated yes behind a setting's name would be taken for no."""
    folder = commands.parent / f"share/locale/{language}/LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["msgfmt", "-o", folder / "saut.mo", ROOT / f"po/{language}.po"], check=True)
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/kexec.conf").write_text("REBOOT_BY_KEXEC=no\n")
    said = run(commands, f"saut status --root={root}", LANGUAGE=language).stdout
    plain = run(commands, f"saut status --root={root}", LC_ALL="C").stdout
    assert said.splitlines()[0] != plain.splitlines()[0], "it is translated"
    values = re.compile(r"REBOOT_BY_KEXEC=\w+")
    assert values.findall(said) == values.findall(plain) == ["REBOOT_BY_KEXEC=no", "REBOOT_BY_KEXEC=yes"]
    # Nor is what somebody has typed another word.
    assert " memory " in run(commands, "saut memory", LANGUAGE=language).stderr.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_are_sound(language: str) -> None:
    """A translation has the conversions of its format; say() reads them in their order alone."""
    if not shutil.which("msgfmt"):
        pytest.skip("msgfmt is not there")
    path = ROOT / f"po/{language}.po"
    done = subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", path], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    _, translations = tool.catalogue(language)
    shown = {text.msgid for text in TEXTS if "shown" in text.kinds or "\n" in text.msgid}
    for msgid, translation in translations.items():
        if not translation:
            continue
        assert msgid not in shown or not re.search(r"%\d+\$", translation), f"{msgid!r}: in the order of the format"
        assert sorted(tool.FIELD.findall(msgid)) == sorted(tool.FIELD.findall(translation)), f"{msgid!r}: its fields"
        assert msgid.endswith("\n") == translation.endswith("\n"), f"{msgid!r}: its last line"


def test_sentences_are_found() -> None:
    """Of each way to say something one, so that none of them goes unseen."""
    ids = {text.msgid: text for text in TEXTS}
    for msgid in ("out of memory", "{help} shows all that can be asked for", "load without {type}: the format is recognised",
                  "no hardware watchdog of a kind that is known here was found", "load KERNEL; a later `kexec -e` or reboot jumps into it"):
        assert any(msgid == other for other in ids), msgid
    assert len(ids) > 1000


#: What was hard to read once -> what reads better.
HARD = {
    r"\bleave \S+ away\b": "leave it out, or remove it",
    r"\bthis user may not\b": "say which capability is missing",
    r"\bit stays so until\b": "name the step that ends it",
    r"\bby the newest by\b": "once is enough",
    r"\bmemory is out\b": "out of memory",
    r"^\w+ takes nothing$": "takes no arguments",
    r"\bdo that\b": "say what cannot be done",
    r"\bor it takes no value, or\b": "say which of them it is",
    r"\b(cannot|can not) begin\b": "say what is missing",
    r"\b(the|a|of|to|is|it|and|in|has) \1\b": "a word twice",
}


@pytest.mark.parametrize("pattern", HARD)
def test_sentences_are_plain(pattern: str) -> None:
    """Read aloud once, and mended."""
    offences = [f"{text.places[0]}: {text.msgid}" for text in TEXTS if re.search(pattern, text.msgid)]
    assert not offences, HARD[pattern]


def test_sentences_end_where_they_end() -> None:
    """A blank or a full stop at the end belongs to what comes behind, if anything does."""
    whole = [text for text in TEXTS if text.kinds == {"whole"} and not text.msgid.endswith("\n")]
    offences = [f"{text.places[0]}: {text.msgid!r}" for text in whole if re.search(r"[a-z)]\.$|[.!]  ", text.msgid)]
    assert not offences


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_are_complete(language: str) -> None:
    """`tools/texts --update LANGUAGE` puts empty entries into po/LANGUAGE.po: fill them in; po/README.md has the words."""
    lacking, gone = tool.missing(language)
    assert not [text.msgid for text in lacking], f"tools/texts --update {language}, then translate the empty entries"
    assert not gone, f"not in the sources any more: tools/texts --update {language} leaves them out"
