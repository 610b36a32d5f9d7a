# SPDX-License-Identifier: LGPL-2.1-or-later
"""How known programs call kexec, as snippets in the shell that they run in.

Each ends with 0 where its caller goes on, and loads what the table says.
"""

from __future__ import annotations

from dataclasses import dataclass

FOLDER = "/files"
K, I = f"{FOLDER}/kernel", f"{FOLDER}/initrd"

#: Qubes' hypervisor, as the kernel of a machine that has it; for loading only.
XEN = f"{FOLDER}/xen.gz"

DASH, BASH = "/bin/dash", "/bin/bash"


@dataclass(frozen=True)
class Caller:
    """Who calls, by which words, and what is loaded afterwards: a kernel, a crash kernel."""

    name: str
    script: str
    shell: str = DASH
    loads: str = "1"
    loads_crash: str = "0"


CALLERS = (
    Caller("systemd", f'kexec --load {K} --append "root=/dev/vda ro" --initrd {I}'),
    Caller("systemd-no-initrd", f'kexec --load {K} --append "root=/dev/vda ro"'),
    Caller("archwiki", f"kexec -l {K} --initrd={I} --reuse-cmdline"),
    Caller(
        "tukit", f"kexec --kexec-syscall-auto -l {K} --initrd={I} --reuse-cmdline", BASH
    ),
    Caller(
        "suse-kdump",
        f'OPTS=; kexec -p {K} --append="root=x $(cat /proc/cmdline)" --initrd={I} $OPTS -a',
        BASH,
        loads="0",
        loads_crash="1",
    ),
    Caller("suse-kdump-stop", f"kexec -p {K} && kexec -a -p -u", BASH, loads="0"),
    Caller(
        "sonic",
        f'kexec -l {K} --initrd={I} --append="$(cat /proc/cmdline)" -a && '
        "[ $(cat /sys/kernel/kexec_loaded) -eq 1 ]",
        BASH,
    ),
    Caller(
        "kdumpctl",
        f'/sbin/kexec -s -p --command-line="root=x irqpoll nr_cpus=1" --initrd={I} {K}',
        BASH,
        loads="0",
        loads_crash="1",
    ),
    Caller(
        "kdumpctl-elf-headers",
        "/sbin/kexec -p --elf64-core-headers -c"
        f' --command-line="root=x irqpoll nr_cpus=1" --initrd={I} {K}',
        BASH,
        loads="0",
        loads_crash="1",
    ),
    Caller(
        "kdump-tools-args",
        f'eval "kexec -p -c --pass-memmap-cmdline --command-line=\\"root=x nr_cpus=1\\" --initrd={I} {K}"',
        loads="0",
        loads_crash="1",
    ),
    Caller(
        "kdump-tools-elf",
        f'eval "kexec -p --args-linux --command-line=\\"root=x nr_cpus=1\\" --initrd={I} {K}"',
        loads="0",
        loads_crash="1",
    ),
    Caller("kdump-tools-stop", f"kexec -p -s {K} && kexec -p -s -u", loads="0"),
    Caller(
        "kdumpctl-reload",
        f'load() {{ /sbin/kexec -s -p --command-line="root=x irqpoll nr_cpus=1" --initrd={I} {K}; }}; '
        "load && /sbin/kexec -s -p -u && load",
        BASH,
        loads="0",
        loads_crash="1",
    ),
    Caller(
        "suse-kdump-file",
        f'OPTS=-s; kexec -p {K} --append="root=x" --initrd={I} $OPTS -a',
        BASH,
        loads="0",
        loads_crash="1",
    ),
    Caller(
        "kdumpctl-stop",
        f"kexec -p {K}; /sbin/kexec -s -p -u || exit 1",
        BASH,
        loads="0",
    ),
    Caller(
        "kiwi",
        "kexec --help | grep -q kexec-syscall-auto && "
        f'kexec "--kexec-syscall-auto" --load {K} --initrd {I} --command-line "root=x"',
        BASH,
    ),
    Caller(
        "nixos-kexec-boot",
        f'if ! kexec -v &>/dev/null; then exit 1; fi; '
        f'kexec --load --initrd={I} --append="init=/nix/store/x root=y" -- {K}',
        BASH,
    ),
    Caller("version", "kexec --version >/dev/null", loads="0"),
    Caller(
        "nixos-anywhere",
        f"kexec --load {K} --kexec-syscall-auto --initrd={I} --no-checks "
        "--command-line 'init=/nix/store/x console=ttyS0'",
    ),
    Caller(
        "zfsbootmenu",
        f'output="$(kexec -a -l {K} --initrd={I} --command-line="root=zfs:a quiet" 2>&1)" || '
        "exit 1",
        BASH,
    ),
    Caller("zfsbootmenu-nothing", "! kexec -e -i 2>/run/why && grep -q . /run/why", loads="0"),
    Caller("gentoo-unload", f"kexec -l {K}; kexec -u", loads="0"),
    Caller("nix-community-unload", "kexec --unload || true", BASH, loads="0"),
    Caller(
        "gentoo-init",
        f'KEXEC_OPT_ARGS=; kexec ${{KEXEC_OPT_ARGS}} --reuse-cmdline -l {K} '
        f'--append="root=/dev/vda quiet" --initrd={I}',
    ),
    Caller(
        "gentoo-auto-load",
        f'args=(--load {K} --initrd {I} --command-line "root=/dev/vda"); kexec "${{args[@]}}"',
        BASH,
    ),
    Caller("anaconda", f"kexec --initrd {I} --append 'a=b c' -l {K}"),
    Caller("yomi", f"kexec -l --initrd {I} --command-line='a=b c' {K}"),
    Caller("kboot", f'kexec -l -t bzImage --initrd={I} --append="root=x" {K}'),
    Caller("rackspace", f'kexec --type=bzImage --initrd={I} --append="root=x" {K}'),
    Caller("kboot-zimage", f'kexec -l --type=zImage --initrd={I} --append="root=x" {K}'),
    Caller("gardenlinux", f'kexec -a --initrd={I} --command-line="root=x" {K}'),
    Caller(
        "petitboot", f"kexec -l --debug --initrd={I} --append='root=x' {K} 2>/dev/null", BASH
    ),
    Caller("petitboot-nothing", "! (kexec -e -f || kexec -e) 2>/dev/null", BASH, loads="0"),
    Caller(
        "heads",
        f'kexec -d -l {XEN} --command-line="no-real-mode reboot=no" --module="{K} a b" '
        f'--module="{I}" 2>/dev/null',
        BASH,
    ),
    Caller(
        "kexecboot",
        f"kexec -l --command-line='root=x' --dtb={I} --initrd={I} --mem-min=0x2000000 {K}",
    ),
    Caller("selftest-liveupdate", f"kexec -l -s --reuse-cmdline {K} --initrd={I}"),
    Caller(
        "selftest-ima",
        f"kexec --load --kexec-file-syscall {FOLDER}/missing 2>&1 | grep -q 'No such file'",
        BASH,
        loads="0",
    ),
)
