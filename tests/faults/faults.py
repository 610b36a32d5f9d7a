# SPDX-License-Identifier: LGPL-2.1-or-later
"""Commands whose system calls fail, one after the other: what calls there are, and what is left and said then."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

DEADLINE_S = 300

#: What each call may end with; seccomp(2) makes any of them end with EPERM.
ERRNOS = {
    "openat": ("EACCES", "EIO", "EMFILE", "ENOMEM"),
    "openat2": ("EACCES", "EIO", "ENOSYS"),
    "read": ("EIO",),
    "pread64": ("EIO",),
    "getdents64": ("EIO", "ENOMEM"),
    "newfstatat": ("EACCES", "EIO"),
    "fstat": ("EIO",),
    "statfs": ("EIO", "ENOSYS"),
    "readlink": ("EACCES", "EIO"),
    "readlinkat": ("EACCES", "EIO"),
    "mmap": ("ENOMEM",),
    "mremap": ("ENOMEM",),
    "memfd_create": ("EMFILE", "ENOSYS"),
    "ftruncate": ("ENOSPC",),
    "write": ("EIO", "ENOSPC"),
    "pwrite64": ("ENOSPC",),
    "fsync": ("EIO",),
    "rename": ("EIO", "EROFS"),
    "renameat": ("EIO", "EROFS"),
    "mkdir": ("EROFS", "ENOSPC"),
    "unlink": ("EROFS",),
    "flock": ("ENOLCK",),
    "fcntl": ("EAGAIN",),
    "kexec_load": ("EBUSY", "ENOMEM"),
    "kexec_file_load": ("EBUSY", "ENOEXEC"),
    "getrandom": ("ENOSYS",),
    "clone3": ("EAGAIN",),
    "vfork": ("EAGAIN",),
}
#: What nobody looks at the answer of, or what ends the program; and brk(2), which fails by another answer than an error.
LEFT_OUT = {"exit_group", "execve", "rt_sigreturn", "munmap", "close", "brk"}
#: Records of the boot services: why the next reboot will go through the firmware, and the lock.
RECORDS = {"run/saut", "run/saut/lock", "run/saut/planned"}


@dataclass(frozen=True)
class Fault:
    """The when-th call of that name ends with this error."""

    call: str
    when: int
    errno: str
    line: str

    def __str__(self) -> str:
        return f"{self.call}:{self.errno}:{self.when} {self.line}"


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    rc: int
    stdout: str
    stderr: str
    files: frozenset[str]
    trace: str


def files_of(system: Path) -> frozenset[str]:
    """All that lies on the system but what is mounted there."""
    return frozenset(
        str(path.relative_to(system))
        for name in ("boot", "etc", "run", "tmp", "usr", "var", "dev")
        for path in (system / name).rglob("*")
    )


def run(system: Path, words: str, fault: Fault | None = None) -> Outcome:
    """On that system, as it was made; loads and unloads are the kernel's word alone."""
    for name in ("run/saut", "var", "tmp"):
        shutil.rmtree(system / name, ignore_errors=True)
    program, *rest = words.split()
    trace = system.parent / "trace"
    injected = [] if fault is None else [f"-e inject={fault.call}:error={fault.errno}:when={fault.when}"]
    granted = [
        f"-e inject={name}:retval=0"
        for name in ("kexec_load", "kexec_file_load")
        if fault is None or fault.call != name
    ]
    inside = (
        f"mount --bind /proc {system}/proc && mount --bind /sys {system}/sys && "
        f"exec strace -f -qq -o {trace} {' '.join(granted + injected)} "
        f"chroot {system} /usr/bin/{program} {' '.join(rest)}"
    )
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", inside],
        capture_output=True, text=True, check=False, timeout=DEADLINE_S, stdin=subprocess.DEVNULL,
    )
    return Outcome(done.returncode, done.stdout, done.stderr, files_of(system), trace.read_text(errors="replace"))


def faults_of(trace: str) -> list[Fault]:
    """Of the command itself, from where the dynamic loader and the C library are set up."""
    lines = trace.splitlines()
    own = lines[0].split()[0]
    counts: Counter[str] = Counter()
    faults = []
    is_started = is_set_up = False
    for line in lines:
        match = re.match(r"(\d+) +(\w+)\((.*)", line)
        if not match or match[1] != own:
            continue
        call = match[2]
        counts[call] += 1
        is_started = is_started or (call == "execve" and bool(re.match(r'"[^"]*/(saut|kexec)"', match[3])))
        is_set_up = is_set_up or (is_started and "RLIMIT_STACK" in line)
        is_word = call == "write" and match[3].startswith("2,")  # nobody could be told of that
        if not is_set_up or is_word or call in LEFT_OUT or re.search(r"= -1 E", line):
            continue
        faults += [Fault(call, counts[call], errno, match[3]) for errno in (*ERRNOS.get(call, ()), "EPERM")]
    return faults


def alike(text: str) -> str:
    """Without what differs from run to run: numbers, and the trial's own."""
    return re.sub(r"\d+", "0", re.sub(r"(saut\.trial=)\w+", r"\1", text))


def news(good: Outcome, seen: Outcome) -> str:
    """What is said that was not; checks and facts are told on standard output."""
    before = set(alike(good.stdout + good.stderr).splitlines())
    return "\n".join(line for line in alike(seen.stdout + seen.stderr).splitlines() if line not in before)


def object_of(fault: Fault) -> str:
    """The last name of the path that the call is about; "" where it has none, or where the error is not the file's."""
    path = re.search(r'"([^"]+)"', fault.line)
    by_path = fault.call in ("openat", "openat2", "newfstatat", "readlink", "readlinkat")
    is_its_own = fault.errno in ("EACCES", "EIO", "EPERM")
    return alike(path[1].rstrip("/").rsplit("/", 1)[-1].strip(".")) if path and by_path and is_its_own else ""


def complaint(good: Outcome, seen: Outcome, fault: Fault) -> str | None:
    """What is wrong with a command of which one call failed; None: nothing."""
    left = seen.files - good.files - RECORDS
    if left:
        return f"it leaves {sorted(left)}"
    if seen.rc < 0 or 125 < seen.rc < 250:  # kexec(8) ends with -1 to -3, as others' does
        return f"it ends with {seen.rc}"
    if (seen.rc, alike(seen.stdout)) == (good.rc, alike(good.stdout)):
        return None
    said = news(good, seen)
    if seen.rc != good.rc and object_of(fault) not in said:
        return f"it does not name {object_of(fault)}: {said}"
    if re.search(r"cannot|could not|will not|standard output: |not known|unknown|unreadable|goes through the firmware", said):
        return None
    others = set(alike(seen.stdout).splitlines()) ^ set(alike(good.stdout).splitlines())
    return f"its result is {seen.rc} and another one, and nothing tells why: {sorted(others)}"
