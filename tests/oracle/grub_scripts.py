# SPDX-License-Identifier: LGPL-2.1-or-later
"""Made-up grub.cfg files in which anything of GRUB's language may stand anywhere.

Everything comes from one generator of random numbers, so a seed is a file.  Loops end; nothing waits,
restarts or writes.  Knows nothing of who reads the result.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

KERNELS = ("a", "b", "c", "d")
VARIABLES = ("v", "w", "x1", "default", "saved_entry", "next_entry", "recordfail", "kopts")
FILES = ("/boot/a", "/boot/b.img", "/boot/nothing", "/boot", "$prefix/grubenv", "($root)/boot/c",
         "${prefix}/custom.cfg", "/boot/empty", "${config_directory}/custom.cfg", "")
TITLES = ("Alpha", "Beta", "Gamma two", "Delta>x", "Zeta", "0", "2", "a", "Über")
IDS = ("id-a", "id-b", "1", "Alpha", "gnulinux-simple", "'c>d'")

ODD_WORDS = ("''", '""', "'x y'", '"1 "', "1x", "0x1", "01", "-1", "+1", "' 2'", "a\\ b", '"\\$v"', "'$v'",
             '"a\\"b"', "a'b'\"c\"", "\\a", '"\\\\"', "a,b", "k=v", "'#'", "a#b", '"a\\nb"', "$", "${}",
             "*", "a\\\nb", "\"two\n lines\"", "$1", "$#", '"$@"', "$*", "$?", "x\\'y", "ä")


class Script:
    """One file as it grows."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.depth = 0
        self.entries = 0
        self.functions = 0
        self.loops = 0

    def text(self, statements: int) -> str:
        """A whole configuration."""
        self.settings()
        self.statements(statements)
        while self.entries < 3:
            self.menuentry()
        if self.chance(0.2):
            self.settings()
        return "\n".join(self.lines) + "\n"

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, choices: Sequence[str]) -> str:
        return self.random.choice(choices)

    def any_of(self, *makers: Callable[[], str]) -> str:
        return self.random.choice(makers)()

    def add(self, line: str) -> None:
        self.lines.append("  " * self.depth + line)

    # Words and conditions

    def value(self) -> str:
        return self.any_of(
            lambda: self.pick(KERNELS),
            lambda: str(self.random.randint(0, 4)),
            lambda: self.pick(ODD_WORDS),
            lambda: f'"{self.pick(TITLES)}"',
            self.use,
            lambda: f'"{self.bare()}{self.pick(KERNELS)}"',
            lambda: f"{self.pick(KERNELS)}{self.use()}",
        )

    def bare(self) -> str:
        return f"${{{self.pick(VARIABLES)}}}"

    def use(self) -> str:
        name = self.pick(VARIABLES)
        return self.pick((f"${name}", f"${{{name}}}", f'"${name}"', f'"${{{name}}}"'))

    def number(self) -> str:
        return self.pick(("0", "1", "2", "10", "010", "0x10", "-1", "$v", "${w}", "3x", "''"))

    def primary(self) -> str:
        numeric = ("-eq", "-ne", "-lt", "-le", "-gt", "-ge")
        textual = ("-pgt", "-plt", "'<'", "'>'", "'<='", "'>='")
        return self.any_of(
            lambda: f'"{self.bare()}" {self.pick(("=", "==", "!="))} {self.value()}',
            lambda: f"{self.use()} {self.pick(('=', '!='))} {self.value()}",
            lambda: f"x{self.use()} = x{self.pick(KERNELS)}",
            lambda: f"{self.pick(('-n', '-z'))} {self.use()}",
            self.use,
            lambda: f"{self.pick(('-e', '-f', '-s', '-d'))} {self.pick(FILES)}",
            lambda: f"{self.number()} {self.pick(numeric)} {self.number()}",
            lambda: f"{self.value()} {self.pick(textual)} {self.value()}",
        )

    def condition(self) -> str:
        return self.any_of(
            lambda: f"[ {self.primary()} ]",
            lambda: f"[ {self.primary()} {self.pick(('-a', '-o'))} {self.primary()} ]",
            lambda: f"[ ! {self.primary()} ]",
            lambda: f"! [ {self.primary()} ]",
            lambda: f"[ ( {self.primary()} -o {self.primary()} ) -a {self.primary()} ]",
            lambda: f"test {self.primary()}",
            lambda: self.pick(("true", "false", "! true", "[ ]", "[ 1 ]", "[ '' ]", "[ ! ]")),
            lambda: f"search --no-floppy {self.pick(('--file', '-f'))} --set=where {self.pick(FILES[:3])}",
            lambda: "search --label nosuchlabel --set=where",
            lambda: f"regexp {self.pick(('a', '^b', '[0-9]', 'x.y', '^$'))} {self.value()}",
            lambda: f"regexp --set=1:v '^(.)' {self.value()}",
            lambda: "loadfont nosuchfont",
            lambda: f"set {self.pick(VARIABLES[:3])}={self.value()}",
            self.call,
        )

    def call(self) -> str:
        if not self.functions:
            return "true"
        words = " ".join(self.value() for _ in range(self.random.randint(0, 2)))
        return f"f{self.random.randrange(self.functions)} {words}".strip()

    # Statements

    def statements(self, count: int) -> None:
        for _ in range(count):
            self.statement()

    def body(self, count: int) -> None:
        self.depth += 1
        self.statements(count)
        self.depth -= 1

    def statement(self) -> None:
        makers = [self.assign] * 5 + [self.if_else] * 4 + [self.menuentry] * 4 + [self.plain] * 4
        makers += [self.loop, self.while_loop, self.settings]
        if self.depth == 0:
            makers += [self.define]
        if self.depth < 2:
            makers += [self.submenu, self.submenu]
        if self.depth < 4:
            self.random.choice(makers)()
        else:
            self.assign()

    def settings(self) -> None:
        self.add(self.any_of(
            lambda: f"set default={self.value()}",
            lambda: f'set default="{self.pick(TITLES)}"',
            lambda: f"set default={self.random.randint(0, 3)}",
            lambda: f"default={self.pick(IDS)}",
            lambda: f'set default="{self.pick(TITLES + ("Sub",))}>{self.pick(TITLES + IDS[:3])}"',
            lambda: f'set default="{self.random.randint(0, 3)}>{self.random.randint(0, 2)}"',
            lambda: 'set default="${saved_entry}"',
            lambda: "load_env",
            lambda: f"load_env {self.pick(('saved_entry', 'next_entry', 'kopts', '-f $prefix/grubenv'))}",
            lambda: "set timeout=5",
            lambda: f"set fallback={self.random.randint(0, 3)}",
            lambda: 'if [ "${next_entry}" ]; then set default="${next_entry}"; set next_entry=; fi',
        ))

    def assign(self) -> None:
        name = self.pick(VARIABLES)
        self.add(self.any_of(
            lambda: f"set {name}={self.value()}",
            lambda: f"{name}={self.value()}",
            lambda: f"unset {name}",
            lambda: f"export {name}",
            lambda: f"set {name}={self.value()}; export {name}",
        ))

    def plain(self) -> None:
        self.add(self.any_of(
            lambda: self.pick(("insmod part_msdos", "insmod gzio", "terminal_output console", "true", "")),
            lambda: self.pick(("# a comment {", "echo 'a text'", ":", "nosuchcommand x", "insmod nosuch")),
            lambda: f"search --no-floppy --file --set={self.pick(('root', 'where'))} {self.pick(FILES[:3])}",
            lambda: f"source {self.pick(('/boot/grub/other.cfg', '$prefix/custom.cfg', '/nothing.cfg'))}",
            lambda: f". ${{config_directory}}/{self.pick(('other.cfg', 'custom.cfg'))}",
            lambda: f"eval \"set v={self.pick(KERNELS)}\"",
            lambda: f"eval set w={self.value()}",
            lambda: f"regexp --set=v '{self.pick(('(.)', '^.(.*)', '([0-9]+)', '(a)|b'))}' {self.value()}",
            self.call,
            lambda: "set root='hd0,msdos1'",
            lambda: f"if {self.condition()}; then {self.call()}; fi",
            lambda: "set",
            lambda: f"configfile /boot/grub/{self.pick(('other.cfg', 'nothing.cfg'))}",
        ))

    def if_else(self) -> None:
        self.add(f"if {self.condition()}; then" if self.chance(0.8) else f"if {self.condition()}\n then")
        self.body(self.random.randint(1, 2))
        if self.chance(0.3):
            self.add(f"elif {self.condition()}; then")
            self.body(1)
        if self.chance(0.5):
            self.add("else")
            self.body(1)
        self.add("fi")

    def loop(self) -> None:
        words = " ".join(self.value() for _ in range(self.random.randint(0, 3)))
        self.add(f"for {self.pick(('v', 'i', 'w'))} in {words}; do")
        self.body(1)
        if self.chance(0.2):
            self.add(f"  if {self.condition()}; then {self.pick(('break', 'continue'))}; fi")
        self.add("done")

    def while_loop(self) -> None:
        """Three rounds, by a variable that nothing else touches."""
        name = f"round{self.loops}"
        self.loops += 1
        self.add(f"set {name}=x")
        self.add(self.pick((f'while [ "${name}" != xxxx ]; do', f'until [ "${name}" = xxxx ]; do')))
        self.add(f"  set {name}=${{{name}}}x")
        self.body(1)
        self.add("done")

    def define(self) -> None:
        name = f"f{self.functions}"
        self.add(f"function {name}{self.pick((' ', ''))}{{")
        # A function that calls itself would not end: its name is known behind it only.
        self.body(self.random.randint(1, 2))
        if self.chance(0.3):
            self.add(f"  if {self.condition()}; then return {self.pick(('', '0', '1'))}; fi")
        if self.chance(0.3):
            self.add("  set v=$1; set w=$#")
        self.add("}")
        self.functions += 1

    def menuentry(self) -> None:
        options = self.pick(("", "", " --class os --class gnu", " --unrestricted",
                             f" --id {self.pick(IDS)}", f" $menuentry_id_option {self.pick(IDS)}",
                             f" --hotkey=x --id={self.pick(IDS)}"))
        words = self.pick(("", "", " b", f" {self.value()}"))
        self.add(f"menuentry {self.title()}{options}{words} {{" if self.chance(0.8)
                 else f"menuentry '{self.pick(TITLES)}'{{")
        self.entries += 1
        self.depth += 1
        for _ in range(self.random.randint(0, 2)):
            self.random.choice((self.assign, self.plain_inside))()
        self.load()
        self.depth -= 1
        self.add("}")

    def title(self) -> str:
        return self.any_of(
            lambda: f"'{self.pick(TITLES)}'",
            lambda: f'"{self.pick(TITLES)}"',
            lambda: f'"{self.pick(TITLES)} {self.bare()}"',
            self.value,
        )

    def plain_inside(self) -> None:
        self.add(self.any_of(
            lambda: "search --no-floppy --file --set=root /boot/a",
            lambda: "set root='hd0,msdos1'",
            lambda: "echo 'Loading ...'",
            lambda: self.pick(("insmod ext2", "insmod gzio", "load_video", "set gfxpayload=keep")),
            lambda: f"if {self.condition()}; then set kopts={self.value()}; fi",
            self.call,
        ))

    def load(self) -> None:
        kernel = self.pick(KERNELS)
        words = " ".join(self.value() for _ in range(self.random.randint(0, 3)))
        path = self.pick((f"/boot/{kernel}",) * 4 + (f"($root)/boot/{kernel}", f"(hd0,1)/boot/{kernel}",
                         '"/boot/$2"', f"'/boot/{kernel}'", "/boot/gone", f"//boot/./{kernel}"))
        self.add(f"{self.pick(('linux', 'linux', 'linux', 'linux16'))} {path} root=/dev/sda1 {words}".rstrip())
        if self.chance(0.8):
            more = self.pick(("", "", " /boot/d.img", " /boot/nothing.img"))
            self.add(f"initrd /boot/{kernel}.img{more}")
        if self.chance(0.1):
            self.add(f"if {self.condition()}; then linux /boot/{self.pick(KERNELS)} late; fi")

    def submenu(self) -> None:
        self.add(f"submenu {self.pick((chr(39) + 'Sub' + chr(39), self.title()))} {{")
        self.entries += 1
        self.body(self.random.randint(1, 3))
        self.depth += 1
        self.menuentry()
        self.depth -= 1
        self.add("}")
