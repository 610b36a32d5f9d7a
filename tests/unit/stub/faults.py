# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a stub says of an exception, and a machine that somebody disturbs by QEMU's monitor."""
import re
import subprocess
import sys
import tempfile
import time

# CPU 0, bank 1: valid, not corrected, enabled, its address and more is valid, the context is corrupt; in progress.
MACHINE_CHECK = 'mce 0 1 0xbe00000000000000 0x5 0x3000000 0x8c'
NMI = 'nmi'
PHYSICAL = 2**48 - 1    # loong64 runs in a window of its virtual addresses
FAULTED = (r'saut: the CPU met a fault between the kernels \(exception 0x(\w+), code 0x(\w+), at 0x(\w+)'
           r'(?:, address 0x(\w+))?\); resetting in 1 s')


def told(name, text, stub, **wanted):
    """The text tells one exception, in the stub that begins there, with the numbers that are wanted."""
    faults = re.findall(FAULTED, text)
    if len(faults) != 1 or 'landed' in text:
        sys.exit(f'{name}: not one exception is told in:\n{text}')
    numbers = (int(n, 16) if n else None for n in faults[0])
    found = dict(zip(('exception', 'code', 'at', 'address'), numbers))
    if found['address']:
        found['address'] &= ~15     # in which order bytes are read is the compiler's
    if not stub + 0x400 <= found['at'] & PHYSICAL < stub + 0x5000:
        sys.exit(f'{name}: {found["at"]:#x} is not in the stub')
    for key, value in wanted.items():
        if found[key] != value:
            sys.exit(f'{name}: {key} {found[key]!r}, not {value!r}')
    print(f'{name}: told and reset')


def disturbed(command, doing):
    """What the machine said, and went down by itself, when it was disturbed while it verifies."""
    with tempfile.NamedTemporaryFile() as serial:
        machine = subprocess.Popen([*command, '-accel', 'tcg', '-nodefaults', '-display', 'none', '-no-reboot',
                                    '-serial', f'file:{serial.name}', '-monitor', 'stdio'],
                                   stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        try:
            for _ in range(600):
                time.sleep(0.1)
                if b'bytes=' in open(serial.name, 'rb').read():
                    break
            time.sleep(0.5)
            machine.stdin.write(doing + '\n')
            machine.stdin.flush()
            machine.wait(timeout=100)
        finally:
            machine.kill()
            machine.wait()
        return open(serial.name, 'rb').read().decode('latin-1')
