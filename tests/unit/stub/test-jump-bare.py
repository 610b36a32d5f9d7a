# SPDX-License-Identifier: LGPL-2.1-or-later
"""The stub of a CPU on a machine of its own: test-jump-bare.py CPU MACHINE EMULATOR MEMORY.

Each case is one run of QEMU: a machine, words for what it does to itself, and what must be read on
the serial line afterwards."""
import re
import shutil
import subprocess
import sys
import tempfile

from faults import MACHINE_CHECK, NMI, disturbed, told

CPU, MACHINE = sys.argv[1:3]
EMULATOR, MEMORY = 'qemu-system-' + sys.argv[3], int(sys.argv[4], 0)
LINE = 0x2000000
VIRT = ['-machine', 'virt']
EL2 = ['-machine', 'virt,virtualization=on']
PSERIES = ['-machine', 'pseries,x-vof=on,kernel-addr=0x10000000,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,'
           'cap-ccf-assist=off']
BIG_ENDIAN = ['s390x']
DAMAGED = 'saut: the loaded kernel was damaged in memory (%s differs); resetting in 1 s'
STUB = MEMORY + 0x2345000
NOWHERE = 0x7f55c5555000
FOREIGN = 'of another version; resetting in 10 s'
UNKNOWN = 'ask for something unknown; resetting in 1 s'


def run(machine, line, timing=('-icount', 'shift=0,sleep=off')):
    """What the machine said, and it as numbers; it must have come to an end by itself."""
    with tempfile.NamedTemporaryFile() as words:
        words.write(line.encode() + b'\0')
        words.flush()
        command = [EMULATOR, '-accel', 'tcg', '-m', '1G', '-nodefaults', '-display', 'none',
                   '-no-reboot', '-serial', 'stdio', *timing, *machine,
                   '-device', f'loader,file={words.name},addr={MEMORY + LINE:#x},force-raw=on',
                   '-kernel', MACHINE]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=200)
    text = done.stdout.decode('latin-1')
    if done.returncode:
        sys.exit(f'{line}: QEMU ended with {done.returncode} after:\n{text}{done.stderr.decode()}')
    numbers = {name: int(value, 16) for name, value in re.findall(r'(\w+)=(0x\w+)', text)}
    return text, numbers


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f'{what}: {found!r}, not {wanted!r}')


def measured(name, line, n):
    """What is left in the record, how much of the stack was used, and what a byte cost."""
    check = next((word for word in ('sha256', 'crc32c') if word in line), 'none')
    expect(f'{name}: the check', n['check'], {'none': 0, 'sha256': 1, 'crc32c': 2}[check])
    expect(f'{name}: the loader\'s part of the record', n['untouched'], 0)
    expect(f'{name}: registers of a device', (n['step_first'], n['step_second']),
           (0x1d22abcd55ee7788 if CPU in BIG_ENDIAN else 0x11ee3344abcd778d, 0x0123456789abcdef))
    expect(f'{name}: times in order', n['entered'] <= n['verified'] <= n['left'], True)
    expect(f'{name}: time for a check', n['verified'] > n['entered'], check != 'none')
    expect(f'{name}: the stack has room', 1024 < n['stack_left'] < 16384, True)
    ticks = (n['verified'] - n['entered']) / n['bytes']
    print(f'{name}: landed; {ticks:.4f} ticks per byte, {n["stack_left"]} bytes of stack left')


def lands_arm64(machine, level, line):
    name = f'EL{level}: {line}'
    text, n = run(machine, line)
    if 'landed_0' not in n:
        sys.exit(f'{name}: the machine ended after:\n{text}')
    expect(f'{name}: arguments', [n[f'landed_{i}'] for i in range(4)],
           [0x0123456711111111 * (i + 1) for i in range(4)])
    expect(f'{name}: other registers', n['others'], 0)
    expect(f'{name}: exception level', n['el'], level)
    expect(f'{name}: all interrupts masked', n['masked'], 0x3c0)
    expect(f'{name}: MMU and data cache', n['mmu_and_cache'], 0)
    expect(f'{name}: system registers as they were', n['behind'], n['before'])
    measured(name, line, n)


def lands_riscv64(line):
    text, n = run(VIRT, line)
    if 'landed_0' not in n:
        sys.exit(f'{line}: the machine ended after:\n{text}')
    expect(f'{line}: the hart', n['landed_0'], n['hart'])
    expect(f'{line}: the device tree', n['landed_1'], 0x0123456711111111 * 2)
    expect(f'{line}: other registers', n['others'], 0)
    expect(f'{line}: paging and interrupts', n['state'], 0)
    measured(line, line, n)


def lands_i386(machine, line):
    name = f'{machine[1]}: {line}'
    text, n = run(machine, line)
    if 'landed_0' not in n:
        sys.exit(f'{name}: the machine ended after:\n{text}')
    expect(f'{name}: arguments', [n[f'landed_{i}'] for i in range(4)],
           [0x0123456711111111 * (i + 1) & 0xffffffff for i in range(4)])
    expect(f'{name}: other registers', n['others'], 0)
    expect(f'{name}: flags', n['flags'], 2)
    expect(f'{name}: exceptions', n['exceptions'], 0)
    expect(f'{name}: control registers as they were', n['behind'], n['before'])
    expect(f'{name}: selectors', (n['cs'], 'strange_selector' in n), (0x10, False))
    measured(name, line, n)


def lands_loongarch64(line):
    text, n = run(VIRT, line)
    if 'landed_0' not in n:
        sys.exit(f'{line}: the machine ended after:\n{text}')
    expect(f'{line}: arguments', [n[f'landed_{i}'] for i in range(3)],
           [2**64 - 1, 0x0123456711111111 * 2, 2**64 - 2])
    expect(f'{line}: other registers', n['others'], 0)
    expect(f'{line}: the window of the stub is closed', n['window'], 0)
    expect(f'{line}: mode as it was', n['behind'], n['before'])
    measured(line, line, n)


def lands_arm(machine, mode, line):
    name = f'mode {mode:#x}: {line}'
    text, n = run(machine, line)
    if 'landed_0' not in n:
        sys.exit(f'{name}: the machine ended after:\n{text}')
    expect(f'{name}: arguments', [n[f'landed_{i}'] for i in range(4)],
           [0x0123456711111111 * (i + 1) & 0xffffffff for i in range(4)])
    expect(f'{name}: other registers', n['others'], 0)
    expect(f'{name}: mode', n['mode'], mode)
    expect(f'{name}: all interrupts masked', n['masked'], 0x1c0)
    expect(f'{name}: MMU and data cache', n['mmu_and_cache'], 0)
    expect(f'{name}: system register as it was', n['behind'], n['before'])
    measured(name, line, n)


def lands_s390x(line):
    text, n = run([], line)
    if 'landed_0' not in n:
        sys.exit(f'{line}: the machine ended after:\n{text}')
    expect(f'{line}: registers', n['others'], 0)
    expect(f'{line}: 31-bit addresses', n['mode'], 0x80000000)
    expect(f'{line}: memory that is written again is as it was', n['behind'], n['before'])
    measured(line, line, n)


def lands_powerpc64(machine, line):
    name = f'{machine[3]}: {line}'
    # Where instructions are counted, one CPU runs for seconds before the other one does.
    text, n = run(machine, line, timing=()) if 'two' in line else run(machine, line)
    if 'landed_0' not in n:
        sys.exit(f'{name}: the machine ended after:\n{text}')
    expect(f'{name}: the device tree and the kernel', (n['landed_0'], n['landed_1']), (n['tree'], n['entry']))
    expect(f'{name}: other registers', n['others'], 0)
    expect(f'{name}: the CPU that came in', n['cpu'], 7)
    expect(f'{name}: the other CPU came along', n['other'], int('two' in line))
    expect(f'{name}: the first bytes are the kernel\'s', n['first'], 1)
    expect(f'{name}: mode as it was', n['behind'], n['before'])
    if 'copied' in line:
        expect(f'{name}: low memory is kept as it was', n['copied'], n['low'])
    measured(name, line, n)


def resets(machine, line, message):
    """The machine must say so and go down by a reset, which -no-reboot makes an end.

    It waits before, for which no instructions need be counted."""
    text, _ = run(machine, line, timing=())
    expect(f'{line}: landed', 'landed' in text, False)
    if message not in text:
        sys.exit(f'{line}: no message in:\n{text}')
    print(f'{line}: said so and reset')


def faults(machine, line, **wanted):
    """An exception of its own making is told, and the machine goes down by a reset."""
    text, _ = run(machine, line, timing=())
    told(line, text, STUB, **wanted)


def disturb(machine, line, doing, **wanted):
    """The same for one that comes from somebody at the monitor."""
    with tempfile.NamedTemporaryFile() as words:
        words.write(line.encode() + b'\0')
        words.flush()
        text = disturbed([EMULATOR, '-m', '1G', *machine, '-kernel', MACHINE, '-device',
                          f'loader,file={words.name},addr={MEMORY + LINE:#x},force-raw=on'], doing)
    told(f'{line}, {doing.split()[0]}', text, STUB, **wanted)


def arm64():
    old = ['-cpu', 'cortex-a57,pmu=off']
    new = ['-cpu', 'max,pauth-impdef=on']
    for level, machine in (1, [*VIRT, *old]), (2, [*EL2, *old]), (1, [*VIRT, *new]):
        lands_arm64(machine, level, 'none mmu')
        lands_arm64(machine, level, 'sha256 mmu')
        lands_arm64(machine, level, 'crc32c mmu')
        lands_arm64(machine, level, 'crc32c mmu moved')
    lands_arm64([*EL2, *new], 2, 'vhe sha256 mmu moved')
    lands_arm64([*EL2, *new], 2, 'vhe crc32c mmu')
    lands_arm64([*VIRT, *old], 1, 'crc32c')
    lands_arm64([*VIRT, *old], 1, 'crc32c mmu large')
    for machine in [*VIRT, *old], [*EL2, *old]:
        resets(machine, 'sha256 mmu damaged', DAMAGED % 'SHA-256')
        faults(machine, 'crc32c mmu faulting', exception=0x25, address=NOWHERE)
        resets(machine, 'crc32c mmu damaged guess', DAMAGED % 'CRC-32C')
    resets([*VIRT, *old], 'crc32c moved', DAMAGED % 'CRC-32C')
    resets([*VIRT, *old], 'mmu unknown', UNKNOWN)
    resets([*VIRT, *old], 'sha256 mmu foreign', '')


def riscv64():
    for line in 'none', 'sha256', 'crc32c', 'crc32c large':
        lands_riscv64(line)
    resets(VIRT, 'sha256 damaged khz', DAMAGED % 'SHA-256')
    resets(VIRT, 'crc32c damaged uart', DAMAGED % 'CRC-32C')
    resets(VIRT, 'crc32c damaged write', DAMAGED % 'CRC-32C')
    faults(VIRT, 'crc32c faulting', exception=5, code=0, address=NOWHERE)
    resets(VIRT, 'foreign', FOREIGN)
    resets(VIRT, 'unknown', UNKNOWN)


def i386():
    for cpu in 'pentium2', 'qemu32', 'max':
        for line in 'none', 'sha256', 'crc32c':
            lands_i386(['-cpu', cpu], line)
    resets([], 'sha256 damaged khz', DAMAGED % 'SHA-256')
    resets([], 'crc32c damaged', DAMAGED % 'CRC-32C')
    resets([], 'foreign', FOREIGN)
    resets([], 'unknown', UNKNOWN)
    resets([], 'many', UNKNOWN)
    faults([], 'none watched', exception=1, code=0, address=None)
    for cpu in 'pentium2', 'max':
        disturb(['-cpu', cpu], 'sha256 slow', NMI, exception=2, code=0, address=None)
        disturb(['-cpu', cpu], 'sha256 slow', MACHINE_CHECK, exception=18, code=0, address=None)


def arm():
    modern, old = ['-cpu', 'cortex-a15'], ['-cpu', 'cortex-a7']
    for mode, machine in (0x13, [*VIRT, *modern]), (0x1a, [*EL2, *modern]), (0x13, [*VIRT, *old]):
        for line in 'none', 'sha256', 'crc32c', 'crc32c large':
            lands_arm(machine, mode, line)
    for machine in [*VIRT, *modern], [*EL2, *modern]:
        resets(machine, 'sha256 damaged', DAMAGED % 'SHA-256')
        resets(machine, 'crc32c damaged guess', DAMAGED % 'CRC-32C')
        faults(machine, 'crc32c faulting', exception=4, address=NOWHERE & 0xffffffff)
    resets(VIRT, 'unknown', UNKNOWN)


def loongarch64():
    for line in 'none', 'sha256', 'crc32c':
        lands_loongarch64(line)
    resets(VIRT, 'sha256 damaged', DAMAGED % 'SHA-256')
    resets(VIRT, 'crc32c damaged khz', DAMAGED % 'CRC-32C')
    faults(VIRT, 'crc32c faulting', exception=8)    # of an address that no bus has, which QEMU does not put into BADV
    resets(VIRT, 'unknown', UNKNOWN)


def s390x():
    for line in 'none', 'sha256', 'crc32c', 'crc32c large':
        lands_s390x(line)
    resets([], 'sha256 damaged', DAMAGED % 'SHA-256')
    resets([], 'crc32c damaged', DAMAGED % 'CRC-32C')
    faults([], 'crc32c faulting', exception=5, code=0)      # beyond memory: an addressing exception
    resets([], 'foreign', FOREIGN)
    resets([], 'unknown', UNKNOWN)


def powerpc64():
    old, new = [*PSERIES, '-cpu', 'power8'], [*PSERIES, '-cpu', 'power9']
    two = [*new, '-smp', '2']
    for machine in old, new:
        for line in 'none', 'sha256', 'crc32c large', 'crc32c copied':
            lands_powerpc64(machine, line)
    lands_powerpc64(two, 'crc32c two')
    resets(new, 'sha256 damaged', DAMAGED % 'SHA-256')
    resets(new, 'crc32c damaged copied', DAMAGED % 'CRC-32C')
    for machine in old, new:
        for order in 'big', 'little':   # in which exceptions come in
            faults(machine, f'crc32c {order} broken', exception=0x700, code=0x80000, address=None)
        disturb(machine, 'sha256 slow', NMI, exception=0x100, code=0, address=None)
    disturb(two, 'sha256 slow two', NMI, exception=0x100, code=0, address=None)
    resets(new, 'unknown', UNKNOWN)


if not shutil.which(EMULATOR):
    print(f'no {EMULATOR} here')
    sys.exit(77)
globals()[CPU]()
