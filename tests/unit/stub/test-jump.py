# SPDX-License-Identifier: LGPL-2.1-or-later
"""The stub on a machine of its own: test-jump.py MACHINE.

Each case is one run of QEMU (without KVM, so that it is the same everywhere): a CPU model, a word
for what the machine does to itself, and what must be read on the serial line afterwards."""
import re
import shutil
import subprocess
import sys

from faults import MACHINE_CHECK, NMI, disturbed, told

LANDED = 16 * 2 + 1
CPUS = {
    'old': 'qemu64',                # neither SSE4.2 nor SHA
    'new': 'max,la57=off',          # SSE4.2
    'five levels': 'max,la57=on',
}
STUB = 0x2345000
DAMAGED = 'saut: the loaded kernel was damaged in memory (%s differs); resetting in 1 s\r\n'


def run(cpu, line):
    """The exit status of the machine (0 after a reset), what it said, and it as numbers."""
    command = ['qemu-system-x86_64', '-accel', 'tcg', '-cpu', cpu, '-m', '128', '-nodefaults',
               '-display', 'none', '-no-reboot', '-serial', 'stdio', '-icount', 'shift=0,sleep=off',
               '-device', 'isa-debug-exit,iobase=0xf4,iosize=1',
               '-kernel', sys.argv[1], '-append', line]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=100)
    text = done.stdout.decode('latin-1')
    numbers = {name: int(value, 16) for name, value in re.findall(r'(\w+)=(0x\w+)', text)}
    return done.returncode, text, numbers


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f'{what}: {found!r}, not {wanted!r}')


def measured(name, check, n):
    """What both ways out leave in the record, and how much of the stack they used."""
    expect(f'{name}: the check', n['check'], {'none': 0, 'sha256': 1, 'crc32c': 2}[check])
    expect(f'{name}: the loader\'s part of the record', n['untouched'], 0)
    expect(f'{name}: registers of devices', (n['step_memory'], n['step_ports']),
           (0x1122334455ee7788, 0x53))
    expect(f'{name}: what it was to copy', n['copied'], 1)
    expect(f'{name}: times in order', n['entered'] <= n['verified'] <= n['left'], True)
    expect(f'{name}: time for a check', n['verified'] > n['entered'], check != 'none')
    expect(f'{name}: the stack has room', 1024 < n['stack_left'] < 16384, True)
    ticks = (n['verified'] - n['entered']) / n['bytes']
    print(f'{name}: landed; {ticks:.2f} instructions per byte, {n["stack_left"]} bytes of stack left')


def lands(name, cpu, check, keep=False):
    line = check + (' keep' if keep else '')
    status, text, n = run(CPUS[cpu], line)
    if status != LANDED:
        sys.exit(f'{name}: the machine ended with {status} after:\n{text}')
    expect(f'{name}: rsi', n['landed_rsi'], 0x123456789abcdef0)
    expect(f'{name}: rdi', n['landed_rdi'], 0x0fedcba987654321)
    expect(f'{name}: other registers', n['others'], 0)
    expect(f'{name}: flags', n['flags'], 2)
    expect(f'{name}: exceptions', n['exceptions'], 0)
    expect(f'{name}: selectors', (n['cs'], n['ds']), (0x10, 0x18))
    root = 'before_cr3' if keep else 'next_level_5' if cpu == 'five levels' else 'next_level_4'
    expect(f'{name}: page tables', n['cr3'], n[root])
    expect(f'{name}: CR0 and CR4', n['cr0_4'], n['before_cr0_4'])
    expect(f'{name}: five levels', bool(n['cr0_4'] & 0x1000), cpu == 'five levels')
    measured(name, check, n)


def lands_32(name, cpu, check):
    """The other way out: 32-bit protected mode, no paging, nothing left of long mode."""
    status, text, n = run(CPUS[cpu], check + ' mode32')
    if status != LANDED:
        sys.exit(f'{name}: the machine ended with {status} after:\n{text}')
    found = [n[f'landed_{register}'] for register in ('eax', 'ebx', 'esi', 'edi')]
    expect(f'{name}: registers', found, [0x11111111, 0x22222222, 0x33333333, 0x44444444])
    expect(f'{name}: other registers', n['others'], 0)
    expect(f'{name}: flags', n['flags'], 2)
    expect(f'{name}: exceptions', n['exceptions'], 0)
    expect(f'{name}: stack', n['stack'], 0)
    expect(f'{name}: selectors', (n['cs'], n['ds'], n['same_as_ds']), (0x10, 0x18, 1))
    expect(f'{name}: flat 32-bit code', n['code'], 0x00c09b00_ffffffff)
    expect(f'{name}: flat data', n['data'], 0x00c09300_ffffffff)
    expect(f'{name}: CR0.PG and CR0.PE', (n['paging'], n['protected']), (0, 1))
    expect(f'{name}: CR4', n['landed_cr4'], 0)
    expect(f'{name}: EFER.LME and EFER.LMA', n['long_mode'], 0)
    measured(name, check, n)


def lands_in_real_mode(name, cpu):
    """All the way down, where the BIOS answers and its clock ticks."""
    status, text, n = run(CPUS[cpu], 'crc32c real')
    if status != LANDED:
        sys.exit(f'{name}: the machine ended with {status} after:\n{text}')
    expect(f'{name}: registers', n['others'], 0)
    expect(f'{name}: flags', n['flags'], 2)
    expect(f'{name}: segments', (n['cs'], n['ds'], n['ss'], n['same_as_ds']),
           (0x2020, 0x2000, 0x2000, 1))
    expect(f'{name}: stack', n['sp'], 0xe000)
    expect(f'{name}: CR0 and CR4', (n['cr0'], n['landed_cr4']), (0x10, 0))
    expect(f'{name}: vectors', (n['vectors'], n['vectors_limit']), (0, 0x3ff))
    expect(f'{name}: what the BIOS says', n['kilobytes'], 639)
    measured(name, 'crc32c', n)


def resets(name, line, message):
    status, text, n = run(CPUS['new'], line)
    expect(f'{name}: status', status, 0)
    expect(f'{name}: message', message in text, True)
    expect(f'{name}: landed', 'landed' in text, False)
    print(f'{name}: said so and reset')


def faults(name, line, **wanted):
    """An exception of its own making."""
    status, text, _ = run(CPUS['new'], line)
    expect(f'{name}: status', status, 0)
    told(name, text, STUB, **wanted)


def disturb(name, doing, exception):
    text = disturbed(['qemu-system-x86_64', '-cpu', CPUS['old'], '-m', '128', '-kernel', sys.argv[1],
                      '-append', 'sha256 slow'], doing)
    told(name, text, STUB, exception=exception, code=0, address=None)


def main():
    if not shutil.which('qemu-system-x86_64'):
        print('no qemu-system-x86_64 here')
        sys.exit(77)
    for cpu in CPUS:
        for check in 'none', 'sha256', 'crc32c':
            lands(f'{check}, {cpu}', cpu, check)
        lands_32(f'32-bit, {cpu}', cpu, 'crc32c')
        lands_in_real_mode(f'real mode, {cpu}', cpu)
    lands('own page tables kept', 'five levels', 'sha256', keep=True)
    resets('SHA-256 differs', 'sha256 damaged', DAMAGED % 'SHA-256')
    resets('CRC-32C differs', 'crc32c damaged khz', DAMAGED % 'CRC-32C')
    resets('foreign arguments', 'sha256 foreign', 'of another version; resetting in 10 s')
    resets('unknown check', 'unknown', 'ask for something unknown; resetting in 1 s')
    resets('too many steps', 'many', 'ask for something unknown; resetting in 1 s')
    resets('no BIOS', 'sha256 real vectorless', 'no BIOS here for a kernel that starts in real mode')
    faults('page fault', 'crc32c faulting', exception=14, code=0, address=0x7f5555555000)
    faults('no address at all', 'crc32c wild', exception=13, code=0, address=None)
    faults('debug exception', 'crc32c watched', exception=1, code=0, address=None)
    disturb('NMI', NMI, 2)
    disturb('machine check', MACHINE_CHECK, 18)
    resets('unknown mode', 'sha256 nowhere', 'ask for something unknown; resetting in 1 s')


main()
