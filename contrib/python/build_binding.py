#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes saut/_binding.py of saut.h: all that Python has to know of libsaut's functions and structures.

Nothing of the library is written down twice: the header's text between the braces of extern "C" is what
cffi reads. It is cffi's ABI mode, so that no compiler is needed, here or where it runs.

    python3 build_binding.py [saut.h [_binding.py]]
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import cffi

HERE = Path(__file__).resolve().parent

#: Where the header is: in Saut's own tree, and where libsaut-dev installs it.
HEADERS = (HERE.parents[1] / "include/saut.h", Path("/usr/include/saut.h"), Path("/usr/local/include/saut.h"))


def declarations(header: str) -> str:
    """What stands in @header between the braces of extern "C", without what only a preprocessor understands."""
    found = re.search(r'extern "C" \{\n#endif\n(.*?)\n#ifdef __cplusplus\n\}', header, re.S)
    if not found:
        raise SystemExit("build_binding.py: this is not saut.h: it has no extern \"C\"")
    return found[1]


def maker(header: Path) -> cffi.FFI:
    """What cffi makes the module of."""
    ffi = cffi.FFI()
    ffi.set_source("saut._binding", None)
    ffi.cdef(declarations(header.read_text()))
    return ffi


def header_path() -> Path:
    """The header that SAUT_H names, or the first that is there."""
    named = os.environ.get("SAUT_H")
    for path in [Path(named)] if named else HEADERS:
        if path.is_file():
            return path
    raise SystemExit("build_binding.py: saut.h is not there; SAUT_H names it")


def made() -> cffi.FFI:
    """The same for setup.py."""
    return maker(header_path())


def make(header: Path, target: Path) -> None:
    """Writes the module."""
    maker(header).emit_python_code(str(target))


def main() -> None:
    words = [Path(word) for word in sys.argv[1:]]
    make(words[0] if words else header_path(), words[1] if len(words) > 1 else HERE / "saut/_binding.py")


if __name__ == "__main__":
    main()
