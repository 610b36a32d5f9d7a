# SPDX-License-Identifier: LGPL-2.1-or-later
"""The core names fields, and whoever shows its sentences calls them by options or functions: base/fields.h."""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"

#: Literals that belong to one another.
LITERALS = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*')

#: A command that is named as a whole, with its arguments, is a step that can be taken by anybody.
COMMAND = re.compile(r"\b(?:kexec|saut [a-z]+|bootctl [a-z-]+|grub-editenv|extlinux|shutdown|reboot|mount|dtc|xz|dracut)"
                     r"(?: (?:-{1,2}[a-zA-Z][a-z-]*(?:=[A-Za-z0-9]+)?|[A-Z]+\b))+")

#: What may be an option's name; those of kexec(8) are looked for.
OPTION = re.compile(r"(?<![\w/.-])(?:--[a-z][a-z0-9-]*|-[a-zA-Z](?![\w-]))")

#: What names options all the same: the vocabulary of kexec(8), languages that have options of their own, and
#: the arguments of programs that are run.
ELSEWHERE = {
    "jump/options.c": "the vocabulary of kexec(8)",
    "system/target.c": "KEXEC_OPT_ARGS is read as kexec(8) reads its options",
    "service/init-command.c": "the arguments of the inits' programs",
    "sys/mounts.c": "the arguments of mount(8)",
    "system/delay-unit.c": "the arguments of systemd-run(1)",
}
LANGUAGES = ("entry/grub",)


def text_of(literals: str) -> str:
    """What literals say, one behind the other."""
    return "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', literals))


def options_in(literals: str) -> list[str]:
    """The options that a text names by themselves."""
    ours = set(re.findall(r'^\t\{ "([a-z0-9-]+)"', (SOURCE / "jump/options.c").read_text(), re.M))
    found = OPTION.findall(COMMAND.sub("", text_of(literals)))
    return [option for option in found if option in ("-c", "-s", "-i") or option.removeprefix("--") in ours]


def code_of(path: Path) -> str:
    """A file without its comments."""
    return re.sub(r"/\*.*?\*/", " ", path.read_text(), flags=re.S)


def own_names(path: str) -> set[str]:
    """The fields that a table of names has."""
    return set(re.findall(r'\{ "([a-z0-9-]+)", "', (SOURCE / path).read_text()))


def test_no_room_below_the_commands_names_an_option() -> None:
    offences = []
    for path in sorted(SOURCE.rglob("*.[ch]")):
        name = path.relative_to(SOURCE).as_posix()
        if name.startswith(("cmd/", *LANGUAGES)) or name in ELSEWHERE:
            continue
        for literals in LITERALS.findall(code_of(path)):
            offences += [f"{name}: {option} in {text_of(literals)!r}" for option in options_in(literals)]
    assert not offences


def test_every_field_has_a_name() -> None:
    """kexec(8) has an option of that name, or a name of its own, and so have the others."""
    names = dict(re.findall(r'^#define (FIELD_\w+) +FIELD\("([a-z0-9-]+)"\)', (SOURCE / "base/fields.h").read_text(), re.M))
    code = "".join(code_of(path) for path in SOURCE.rglob("*.c"))
    used = {field for name, field in names.items() if re.search(rf"\b{name}\b", code)}
    assert names and used == set(names.values()), "a field that nobody speaks of"
    options = set(re.findall(r'^\t\{ "([a-z0-9-]+)"', (SOURCE / "jump/options.c").read_text(), re.M))
    kexec = own_names("cmd/kexec/field-names.c")
    saut = own_names("cmd/saut/field-names.c")
    assert used - options - kexec == {"entry"} - options, "kexec(8) has no such option"
    assert used - options - saut == set(), "saut(8) has no name for it"
    for table in (kexec, saut, own_names("api/field-names.c")):
        assert table <= used, "a name for what nobody speaks of"


def test_hints_are_steps_for_programs_as_well() -> None:
    """What the caller is to do in its own call is a field: a program that uses the library types no command."""
    hints = [text_of(literals) for literals in LITERALS.findall(code_of(SOURCE / "base/faults.c"))]
    assert len(hints) > 100
    assert [hint for hint in hints if re.search(r"kexec -[lcs]\b|saut list|--help", hint)] == []
    library = re.findall(r'\{ "([a-z-]+)", "([^"]+)"', (SOURCE / "api/field-names.c").read_text())
    assert [name for _, name in library if re.search(r"^-|kexec's|^saut ", name)] == [], "a function, or a command in full"
    hinted = {name.lower().replace("_", "-") for name in re.findall(r"\bFIELD_(\w+)", code_of(SOURCE / "base/faults.c"))}
    assert hinted - {name for name, _ in library} <= {"no-checks", "type"}, "a program cannot ask for these"


def test_the_rule_sees_what_it_forbids() -> None:
    for text in ('"--noefi has no effect"', '"(-c or -s)"', '"a\\n"\n\t"give --dtb=FILE"', '"load it by kexec or -c"'):
        assert options_in(text), text
    for text in ('"kexec -l KERNEL --initrd=FILE"', '"saut reboot --firmware"', '"kexec-tools"', '"a - b"', '"x--y"'):
        assert not options_in(text), text
