# SPDX-License-Identifier: LGPL-2.1-or-later
"""libsaut in Python: reboot Linux into another kernel without the firmware (kexec).

    with saut.Saut() as s:
        s.use_entry(s.choose_entry("default"))
        for finding in s.checks():
            print(finding.result, finding.title, finding.reason)
        s.load()

Every function of saut.h that takes plain values is a method of the same name without its "saut_": Saut has
set_kernel, add_initrd, set_command_line, set_watchdog and so on, and saut.h says what each does. What a function
hands out is copied into values of Python's, which stay as they are whatever is called next. A function that
fails raises Error, or the one of its classes that says which kind of failure it is.

Paths are str, bytes or os.PathLike; text that is no UTF-8 comes back with surrogates, as from os.fsdecode.
An object is used by one thread at a time.
"""

from __future__ import annotations

import ctypes.util
import os
from collections.abc import Callable, Iterator
from types import SimpleNamespace, TracebackType
from typing import Any

from saut._binding import ffi
from saut._values import Enumeration, copied, enumeration, value_of

LIBRARY = "libsaut.so.0"


def _open() -> Any:
    """The library that SAUT_LIBRARY names, or the system's."""
    return ffi.dlopen(os.environ.get("SAUT_LIBRARY") or ctypes.util.find_library("saut") or LIBRARY)


_lib = _open()

Result = enumeration(ffi, "saut_result")
Call = enumeration(ffi, "saut_call")
Check = enumeration(ffi, "saut_check")
Direct = enumeration(ffi, "saut_direct")
InitrdPolicy = enumeration(ffi, "saut_initrd_policy")
Wanted = enumeration(ffi, "saut_wanted")
Found = enumeration(ffi, "saut_found")
Use = enumeration(ffi, "saut_use")


class Error(Exception):
    """What libsaut could not do: the attempt, the reason with its numbers, and the next step."""

    def __init__(self, result: Enumeration, attempt: str, reason: str, hint: str) -> None:
        self.result, self.attempt, self.reason, self.hint = result, attempt, reason, hint
        super().__init__(f"cannot {attempt}: {reason}" if attempt else reason)


class Refused(Error):
    """Known to fail, or nothing there to do it with."""


class UsageError(Error):
    """A wrong argument."""


class ImageError(Error):
    """A bad kernel, initrd or other input file."""


class FitError(Error):
    """Too big, too many, too long."""


class KernelError(Error):
    """The running kernel refused or failed."""


class NotPermitted(Error):
    """A privilege is missing, or lockdown or a sysctl forbids it."""


_ERRORS = {
    Result.REFUSED: Refused,
    Result.USAGE: UsageError,
    Result.IMAGE: ImageError,
    Result.FIT: FitError,
    Result.KERNEL: KernelError,
    Result.PERMISSION: NotPermitted,
}


def _text(pointer: Any) -> str:
    return os.fsdecode(ffi.string(pointer))


class Saut:
    """One job: what is wanted is set, then planned, checked or loaded."""

    def __init__(self, root: str | os.PathLike[str] | None = None) -> None:
        """@root is a folder or a captured machine that all is read from instead of the running system."""
        self._saut = _lib.saut_new()
        if not self._saut:
            raise MemoryError
        self._calls: dict[str, Any] = {}
        self._raised: BaseException | None = None
        if root is not None:
            self.set_root(root)

    def __enter__(self) -> Saut:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Forgets the job; what is loaded stays loaded."""
        job, self._saut = getattr(self, "_saut", None), None
        if job:
            _lib.saut_free(job)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """The function of saut.h of that name."""
        if name.startswith("_") or name in _NOT_METHODS or not hasattr(_lib, f"saut_{name}"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return lambda *values: self._copied(self._do(f"saut_{name}", *values))

    @staticmethod
    def _copied(value: Any) -> Any:
        """What a function hands out, which the next call may take away."""
        return value_of(ffi, ffi.typeof(value), value) if isinstance(value, ffi.CData) else value

    def __dir__(self) -> list[str]:
        functions = {name[5:] for name in dir(_lib) if name.startswith("saut_")}
        return sorted({*super().__dir__(), *(functions - _NOT_METHODS)})

    def _do(self, name: str, *values: Any) -> Any:
        """Calls a function: its last argument, where it is a pointer to a result, is what comes back."""
        if not self._saut:
            raise ValueError("the object is closed")
        function = getattr(_lib, name)
        types = ffi.typeof(function).args[1:]
        returns = len(types) == len(values) + 1 and types[-1].kind == "pointer"
        answer = ffi.new(types[-1]) if returns else None
        given = [_given(kind, value) for kind, value in zip(types, values)]
        if len(values) + bool(returns) != len(types):
            raise TypeError(f"{name} takes {len(types)} arguments, {len(values)} are given")
        got = function(self._saut, *given, *([answer] if returns else []))
        raised, self._raised = self._raised, None
        if raised:
            raise raised
        if ffi.typeof(function).result.cname == "enum saut_result":
            self._expect(got)
        return answer[0] if returns else None

    def _expect(self, result: int) -> None:
        if result == Result.DONE:
            return
        said = [_text(ask(self._saut)) for ask in (_lib.saut_attempt, _lib.saut_reason, _lib.saut_hint)]
        kind = Result(result)
        raise _ERRORS.get(kind, Error)(kind, *said)

    def set_kernel_memory(self, content: bytes, name: str) -> None:
        """The kernel is these bytes, which messages call @name."""
        self._do("saut_set_kernel_memory", ffi.from_buffer(content), len(content), name)

    def add_initrd_memory(self, content: bytes, name: str) -> None:
        """One more initrd is these bytes, which messages call @name."""
        self._do("saut_add_initrd_memory", ffi.from_buffer(content), len(content), name)

    # What hands something out.

    def notes(self) -> list[str]:
        """What the last plan, load or look decided on the caller's behalf."""
        return [_text(note) for note in self._until_null(_lib.saut_note)]

    def _until_null(self, function: Callable[[Any, int], Any]) -> Iterator[Any]:
        number = 0
        while item := function(self._saut, number):
            yield item
            number += 1

    def entries(self) -> list[SimpleNamespace]:
        """All that the boot loaders could boot, in their order."""
        self._do("saut_find_entries")
        return [copied(ffi, entry[0]) for entry in self._until_null(_lib.saut_entry)]

    def choose_entry(self, wanted: str, name: str | None = None) -> SimpleNamespace:
        """The entry that is meant: "default", "running", "newest", or "named" with its @name."""
        return copied(ffi, self._do("saut_choose_entry", Wanted[wanted.upper()], name)[0])

    def use_entry(self, entry: SimpleNamespace) -> None:
        """Makes its kernel, initrds, command line and device tree those that are wanted."""
        for theirs in self._until_null(_lib.saut_entry):
            if copied(ffi, theirs[0]) == entry:
                self._expect(_lib.saut_use_entry(self._saut, theirs))
                return
        raise ValueError("this entry is none of those that were found last")

    def look(self) -> SimpleNamespace:
        """What this system, or the one below root, can do and has loaded."""
        return copied(ffi, self._do("saut_look")[0])

    def checks(self) -> list[SimpleNamespace]:
        """What would go wrong at a jump into what is set, before it does."""
        rows, found = self._do("saut_run_checks"), []
        while rows[len(found)].name:
            found.append(copied(ffi, rows[len(found)]))
        return found

    def inspect(self, path: str | os.PathLike[str]) -> SimpleNamespace:
        """What is in a kernel, an initrd or a device tree, and what this machine would make of it."""
        return copied(ffi, self._do("saut_inspect", path)[0])

    def planned(self) -> SimpleNamespace:
        """What the last plan or load has planned: each segment, all memory, each change of the command line, and why."""
        return copied(ffi, self._do("saut_planned")[0])

    def capture(self) -> str:
        """This machine, or the one below root, as a text that stands for it, without what tells whose it is."""
        return _text(self._do("saut_capture"))

    def report(self) -> SimpleNamespace:
        """Where the time of the last reboot went."""
        return copied(ffi, self._do("saut_report")[0])

    # What calls back.

    def on_note(self, call: Callable[[str], None] | None) -> None:
        """@call is called with each note when a function that makes notes ends."""
        self._listen("saut_on_note", "saut_said", call and (lambda note: call(_text(note))))

    def on_progress(self, call: Callable[[str, str, int, int], None] | None) -> None:
        """@call is called with step, what, done and total as the work goes on."""
        self._listen("saut_on_progress", "saut_progress", call and (
            lambda step, what, done, total: call(_text(step), _text(what), done, total)))

    def _listen(self, function: str, kind: str, call: Callable[..., None] | None) -> None:
        """What @call raises is raised by the method within which it was called."""

        def heard(_context: Any, *values: Any) -> None:
            try:
                call(*values)
            except BaseException as raised:  # pylint: disable=broad-except
                self._raised = self._raised or raised

        # The library keeps the pointer for as long as the object has it.
        self._calls[function] = ffi.callback(f"{kind} *", heard) if call else ffi.NULL
        getattr(_lib, function)(self._saut, self._calls[function], ffi.NULL)


#: What has a shape of its own here, or none.
_NOT_METHODS = {"new", "free", "attempt", "reason", "hint", "note", "entry", "find_entries", "run_checks"}


def _given(kind: Any, value: Any) -> Any:
    """@value as C takes it."""
    if kind.kind != "pointer":
        return value
    if value is None:
        return ffi.NULL
    if isinstance(value, (str, os.PathLike)):
        value = os.fsencode(value)
        if b"\0" in value:
            raise ValueError("embedded null byte")
    return ffi.new("char[]", value) if isinstance(value, bytes) else value
