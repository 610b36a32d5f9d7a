# SPDX-License-Identifier: LGPL-2.1-or-later
"""Command lines of kexec for the differential test, and where ours answers otherwise, and why.

A table: what they do is found out by running them, by kexec-tools and by ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

#: Files in the guest.
FOLDER = "/files"
K, KGZ = f"{FOLDER}/kernel", f"{FOLDER}/kernel.gz"
I, J = f"{FOLDER}/initrd", f"{FOLDER}/other-initrd"
EMPTY, TEXT, CUT, NONE = (f"{FOLDER}/{name}" for name in ("empty", "text", "cut", "missing"))

#: One that somebody has open, so that to open it does not wait.
FIFO = f"{FOLDER}/fifo"

#: Which of the two was loaded before.
NOTHING, NORMAL, CRASH, BOTH = "-", "n", "c", "nc"


@dataclass(frozen=True)
class CommandLine:
    """What comes after the program's name, what is loaded before it, and how the two differ."""

    words: str
    before: str = NOTHING
    #: Memory is reserved for a crash kernel.
    reserved: bool = True
    #: What is not mounted: /proc or /sys.
    without: str = ""
    #: Why another result or effect is meant; "" where both must be the same.
    differs: str = ""
    #: Why the exit code is another one, although both are a failure.
    code: str = ""

    @property
    def name(self) -> str:
        """As a test is called."""
        words = self.words.replace(f"{FOLDER}/", "") or "(nothing)"
        without = f" without {self.without}" if self.without else ""
        return f"{words} [{self.before}{'' if self.reserved else ' unreserved'}{without}]"


#: Loads that succeed.
LOADS = (
    f"-l {K}",
    f"--load {K}",
    f"-l {K} --initrd={I}",
    f"-l {K} --initrd {I}",
    f"-l {K} --ramdisk={I}",
    f"-l {K} --initrd={I} --initrd={J}",
    f"-l {K} --append=quiet",
    f"-l {K} --append quiet",
    f"-l {K} --append='a b  c'",
    f"-l {K} --append=''",
    f"-l {K} --append='quo\"ted word\"'",
    f"-l {K} --command-line=quiet",
    f"-l {K} --command-line 'root=/dev/sda1 ro'",
    f"-l {K} --reuse-cmdline",
    f"-l {K} --reuse-cmdline --append=more",
    f"-l {K} --append=more --reuse-cmdline",
    f"--reuse-cmdline -l {K} --append='root=x y' --initrd={I}",
    f"-l {K} --append=one --append=two",
    f"-s -l {K}",
    f"-l {K} -s",
    f"-c -l {K}",
    f"-l -c {K} --initrd={I} --append=x",
    f"-a -l {K}",
    f"-l {K} -a",
    f"--kexec-file-syscall --load {K}",
    f"--kexec-syscall --load {K}",
    f"--kexec-syscall-auto -l {K} --initrd={I} --reuse-cmdline",
    f"-s -c -l {K}",
    f"-c -s -l {K}",
    f"-s -a -l {K} --initrd={I}",
    f"-l {K} --no-checks",
    f"-i -l {K}",
    f"-l {K} -i -c",
    f"-l {K} -x -y",
    f"-l {K} --no-ifdown --no-sync",
    f"-d -l {K}",
    f"-l {K} -d -s",
    f"-l {K} -d -c",
    f"-lc {K}",
    f"-ls {K}",
    f"-lad {K}",
    f"{K} -l",
    f"{K} --initrd={I} -l --append=x",
    f"--initrd={I} --append=x {K} -l",
    f"-l -- {K}",
    f"-l --initrd={I} --command-line=x -- {K}",
    f"-l {K} extra words",
    f"-l {K} {NONE}",
    f"-l -t bzImage {K}",
    f"-l --type=bzImage {K}",
    f"-l -c --type=bzImage64 {K}",
    f"-l {K} --mem-max=0x7fffffff",
    f"-l {K} --mem-min=0x1000000",
    f"-c -l {K} --mem-min=16777216 --mem-max=0x3fffffff",
    f"-l {K} --mem-min=0",
    f"-l {K} --mem-max=-1",
    f"-c -l {K} --mem-max=-1",
    f"-c -l {K} --mem-min=0x1000000 --mem-max=0xffffffffffffffff",
    f"-l {K} --comm=x --ini={I}",
    f"-l {K} --reset-vga",
    f"-l {K} --console-vga",
    f"-l {K} --console-serial",
    f"-l {K} --serial=ttyS0 --serial-baud=115200 --console-serial",
    f"-c -l {K} --serial=0x2f8",
    f"-c -l {K} --serial=ttyS1 --serial-baud=9600",
    f"-l {K} --noefi",
    f"-c -l {K} --noefi",
    f"-c -l {K} --reuse-video-type",
    f"-l {K} --elf64-core-headers",
    f"-l {K} --elf32-core-headers",
    f"-l {K} --pass-memmap-cmdline",
    f"-l {K} --dtb={TEXT}",
    f"-c -l {K} --dtb={TEXT}",
    f"-c -l {KGZ}",
    f"-c -l {K} --initrd={EMPTY}",
    f"-l {K} --module='x y'",
    f"-l {K} --args-linux",
    f"-c -l {K} --entry-32bit",
    f"-l -l -l {K}",
    f"-l {K} -l",
)

#: Loads that fail, before or after something is asked of the kernel.
BAD_LOADS = (
    "",
    "-l",
    "--load",
    f"-l --initrd={I}",
    f"-l {NONE}",
    f"-s -l {NONE}",
    f"-c -l {NONE}",
    f"-l {FOLDER}",
    f"-s -l {FOLDER}",
    f"-c -l {FOLDER}",
    f"-l {EMPTY}",
    f"-s -l {EMPTY}",
    f"-c -l {EMPTY}",
    f"-l {TEXT}",
    f"-s -l {TEXT}",
    f"-c -l {TEXT}",
    f"-l {CUT}",
    f"-s -l {CUT}",
    f"-c -l {CUT}",
    "-l /dev/null",
    "-l ''",
    f"-l {K} --initrd={NONE}",
    f"-s -l {K} --initrd={NONE}",
    f"-c -l {K} --initrd={NONE}",
    f"-l {K} --initrd={FOLDER}",
    f"-l {K} --initrd=''",
    f"-l {K} --initrd",
    f"-l {K} --append",
    f"-l {K} --nonsense",
    f"-l {K} --nonsense=1",
    f"-l {K} -Z",
    f"-Zl {K}",
    f"-l {K} --load=yes",
    f"-s -l {K} --initrd={FIFO}",
    f"-s -l {K} --initrd={FOLDER}",
    f"-c -l {K} --mem-min=-1",
    f"-l {K} --mem-min=low",
    f"-l {K} --mem-max=",
    f"-l {K} --mem-max=12x",
    f"-l {K} --mem-min",
    f"-c -l {K} --type=multiboot-x86",
    f"-c -l {K} --type=nonsense",
    f"-c -l {K} -t elf-x86_64",
    f"-l {K} -t",
    f"-c -l {K} --mem-max=0x100000",
    f"-c -l {K} --mem-min=0x40000000",
    f"-l {K} --serial-baud=9601",
    f"-l {K} --serial-baud=fast",
    f"-l {K} --serial=ttyX",
    f"-s -l {K} --real-mode",
    f"-l {K} --reuseinitrd",
    f"-s -l {K} --entry-32bit",
    f"-l {K} --append=$(printf %3000s | tr ' ' x)",
    f"-s -l {K} --append=$(printf %3000s | tr ' ' x)",
    f"-c -l {K} --append=$(printf %3000s | tr ' ' x)",
    f"-l {K} --load-preserve-context",
    f"-l {K} --load-jump-back-helper",
    f"-l {K} --entry=0x1000",
    f"-l {K} --load-live-update",
    f"-l {K} --re",
    f"-l {K} --atags",
    f"-l {K} --dt-no-old-root",
)

#: What tells, unloads or executes, with what is loaded before.
ACTS = (
    ("-S", (NOTHING, NORMAL, CRASH, BOTH)),
    ("-S -l", (NOTHING, NORMAL, CRASH, BOTH)),
    ("-l -S", (NOTHING, NORMAL, CRASH)),
    ("-p -S", (NOTHING, NORMAL, CRASH)),
    ("-S -p", (NORMAL, CRASH)),
    ("--status", (NORMAL, CRASH)),
    ("--load --status", (NORMAL, CRASH)),
    (f"-l {K} -S", (NOTHING, NORMAL)),
    ("-S -s", (NORMAL, CRASH)),
    ("-d -S", (NORMAL, CRASH)),
    ("-S -d", (NORMAL, CRASH)),
    ("-u", (NOTHING, NORMAL, CRASH, BOTH)),
    ("--unload", (NORMAL,)),
    ("-u -s", (NORMAL,)),
    ("-s -u", (NOTHING, NORMAL)),
    ("-c -u", (NOTHING, NORMAL)),
    ("-a -u", (NORMAL,)),
    ("-u -d", (NORMAL,)),
    ("-u -x -y -i", (NORMAL,)),
    ("-p -u", (NOTHING, NORMAL, CRASH, BOTH)),
    ("-s -p -u", (NOTHING, CRASH)),
    ("-a -p -u", (CRASH, BOTH)),
    ("-c -p -u", (CRASH,)),
    ("-p -s --unload", (CRASH,)),
    ("-u -p", (NOTHING, CRASH, BOTH)),
    (f"-u {K}", (NORMAL,)),
    (f"-u --initrd={I}", (NORMAL,)),
    ("-u --append=x", (NORMAL,)),
    (f"-u -l {K}", (NOTHING,)),
    (f"-l -u {K}", (NORMAL,)),
    ("-e", (NOTHING, CRASH)),
    ("--exec", (NOTHING,)),
    ("-e -x", (NOTHING,)),
    ("-e -y -d", (NOTHING,)),
    ("-e -i -s -a", (NOTHING,)),
    ("-f -e", (NOTHING,)),
    ("-e -f", (NOTHING,)),
    ("-f", (NOTHING,)),
    ("-e --append=x", (NOTHING,)),
    (f"-e --initrd={I}", (NOTHING,)),
    ("-e --nonsense", (NORMAL,)),
    ("-f --nonsense", (NORMAL,)),
    (f"-l {NONE}", (NORMAL, BOTH)),
    (f"-l {TEXT}", (NORMAL, BOTH)),
    (f"-l {K} --initrd={NONE}", (NORMAL,)),
    (f"-l {K}", (NORMAL, CRASH)),
    ("-h", (NOTHING,)),
    ("--help", (NORMAL,)),
    ("-v", (NOTHING,)),
    ("--version", (NORMAL,)),
    ("--vers", (NOTHING,)),
    (f"-l {K} -h", (NOTHING,)),
    (f"-l {K} -v", (NOTHING,)),
    ("-?", (NOTHING,)),
    (f"{K}", (NOTHING,)),
    (f"-a --initrd={I} --command-line=x {K}", (NOTHING,)),
    (f"--type=bzImage --initrd={I} --append=x {K}", (NOTHING,)),
    (f"{NONE}", (NOTHING, NORMAL)),
    ("--print-ckr-size", (NOTHING, BOTH)),
    ("--exec-live-update", (NOTHING,)),
)

#: Crash kernels; each with and without reserved memory.
CRASHES = (
    f"-p {K}",
    f"--load-panic {K}",
    f"-p {K} --initrd={I} --append=quiet",
    f"-s -p {K}",
    f"-p -s --command-line='x y' --initrd={I} {K}",
    f"-p {K} -a",
    f"-p -d {K}",
    f"-p {K} --reuse-cmdline --append=more",
    f"-l -p {K}",
    f"-p -l {K}",
    f"-p {K} --args-linux",
    f"-p {K} --elf64-core-headers",
    f"-p {K} --pass-memmap-cmdline",
    "-p",
    f"-p {NONE}",
    f"-p {TEXT}",
    f"-p {K} --initrd={NONE}",
    f"-p -e {K}",
    f"-fp {K}",
    f"-pf {K}",
    f"-f -p {K} --initrd={I}",
    f"-c -p {K}",
    "-p -u",
    "-u -p",
    "-p -S",
    "--print-ckr-size",
)


_ORDER = "-u and -p mean the same in either order; kexec-tools forgets the -u of -u -p"
_LOADER = "an option for loading does no harm to --unload; kexec-tools shows its usage"
_EITHER = "--load and --unload together are refused; kexec-tools does the last one"
_NEWER = "kexec-tools knows the option for x86 only since a later version"
_ROOM = "without /proc/iomem it is not known which memory is in use; kexec-tools takes any"
_FIRST = "what is wrong with the command line and the file is said first"
_FILE = "a file that cannot be used ends with 1, by whichever call; kexec-tools -s with 253 or 255"

#: Another result or effect, and why: these are in kexec(8) under DIFFERENCES.
DIFFERS = {
    f"-l {K} --dtb={TEXT}": _NEWER,
    f"-c -l {K} --dtb={TEXT}": _NEWER,
    f"-c -l {KGZ}": "compressed kernels are unpacked",
    f"-l {K} --module='x y'": "a module that is not there is an error",
    f"-c -l {K} without /proc": _ROOM,
    f"-l {K} --mem-min=0x1000000 without /proc": _ROOM,
    f"-p {K} without /sys": "the running kernel makes the headers of a crash kernel by itself",
    f"-pf {K}": "-f and -p mean the same in either order; kexec-tools jumps for -p -f",
    f"-l {K} --dt-no-old-root": "an option of other CPUs that asks for what is done in any case",
    "-u -p": _ORDER,
    f"-u --initrd={I}": _LOADER,
    "-u --append=x": _LOADER,
    f"-u -l {K}": _EITHER,
    f"-l -u {K}": _EITHER,
}

#: Another exit code for the same failure, and why.
CODES = {
    f"-s -l {NONE}": _FILE,
    f"-s -l {K} --initrd={NONE}": _FILE,
    f"-s -l {K} --initrd={FIFO}": _FILE,
    f"-s -l {K} --initrd={FOLDER}": _FILE,
    f"-l {K} --serial-baud=9601": "a bad value is a wrong use of the command",
    f"-l {K} --serial-baud=fast": "a bad value is a wrong use; kexec-tools divides by it",
    f"-l {K} --serial=ttyX": "a bad value is a wrong use of the command",
    f"-s -l {K} --entry-32bit": "it is not possible by this call, which is 253",
    f"-s -l {K} --real-mode": "it is not possible by this call, which is 253",
    f"-l {K} --load-jump-back-helper": "refused as --load-preserve-context is",
    "-e -f": "nothing is loaded, as for -e alone",
    f"-p {TEXT}": _FIRST,
    "-p": _FIRST,
}


#: Where a file system is not mounted that both like to read.
WITHOUT = (
    (f"-l {K}", NOTHING),
    (f"-s -l {K}", NOTHING),
    (f"-s -l {K} --initrd={I} --append=quiet", NOTHING),
    (f"-a -l {K}", NOTHING),
    (f"-c -l {K}", NOTHING),
    (f"-l {K} --mem-min=0x1000000", NOTHING),
    (f"-l {K} --reuse-cmdline", NOTHING),
    (f"-s -l {K} --reuse-cmdline", NOTHING),
    (f"-s -l {NONE}", NOTHING),
    (f"-p {K}", NOTHING),
    (f"-s -p {K}", NOTHING),
    ("-u", NORMAL),
    ("-s -u", NORMAL),
    ("-p -u", CRASH),
    ("-S", CRASH),
    ("-l -S", NORMAL),
    ("-e", NOTHING),
    ("-e -x -y", NOTHING),
    (f"-f -x -y {NONE}", NOTHING),
    ("--print-ckr-size", NOTHING),
    ("-v", NOTHING),
)


def _line(
    words: str, before: str = NOTHING, reserved: bool = True, without: str = ""
) -> CommandLine:
    key = f"{words} without {without}"
    differs = DIFFERS.get(key if without else words, "")
    code = CODES.get(words, "")
    if not reserved and words in (f"-c -p {K}", f"-pf {K}"):
        # Without the memory kexec-tools fails as well.
        differs = ""
    if reserved and code == _FIRST:
        code = ""
    return CommandLine(words, before, reserved, without, differs, code)


def _all() -> Iterator[CommandLine]:
    for words in LOADS + BAD_LOADS:
        yield _line(words)
    for words, states in ACTS:
        for before in states:
            yield _line(words, before)
    for without in ("/proc", "/sys"):
        for words, before in WITHOUT:
            yield _line(words, before, without=without)
    for reserved in (True, False):
        for words in CRASHES:
            yield _line(words, reserved=reserved)


COMMAND_LINES = tuple(dict.fromkeys(_all()))
