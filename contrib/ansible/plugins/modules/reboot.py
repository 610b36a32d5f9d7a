# SPDX-License-Identifier: LGPL-2.1-or-later
"""The documentation of saut.kexec.reboot; what it does is in plugins/action/reboot.py."""

DOCUMENTATION = r"""
---
module: reboot
short_description: Reboots a machine by kexec, and waits until its new kernel has proven itself
description:
  - Asks C(saut check), has the next kernel loaded, reboots, waits for another boot id, and where the new kernel is on
    trial for its confirmation.
  - The task fails, and the play stops with C(serial), where the new kernel failed and the machine came back by itself
    under the old one; the message says which kernel, and why.
options:
  entry:
    description: The boot entry by its id, title, version or kernel, or the path of a kernel; the default of the boot loader without it.
    type: str
  newest:
    description: The entry with the newest kernel.
    type: bool
    default: false
  delay:
    description: Seconds until the services are stopped, in which the answer can still be given.
    type: int
    default: 5
  within:
    description: Seconds that the new kernel has until it is confirmed, or left; C(COME_BACK_WITHIN) without it.
    type: int
  confirm:
    description: Who confirms it, the machine's boot service or the play, which does so where I(test_command) ends with 0.
    type: str
    choices: [auto, manual]
    default: auto
  test_command:
    description: A shell command on the machine that must end with 0 after the reboot.
    type: str
  allow_firmware:
    description: Whether a reboot that can only go through the firmware is a success.
    type: bool
    default: false
  timeout:
    description: Seconds until a machine that does not come up with another boot id is given up.
    type: int
    default: 900
  pause:
    description: Seconds between two looks.
    type: int
    default: 2
  executable:
    description: The command saut.
    type: str
    default: saut
  boot_id_command:
    description: What tells one boot from another.
    type: str
    default: cat /proc/sys/kernel/random/boot_id
author:
  - Saut maintainers
"""

EXAMPLES = r"""
- hosts: web
  serial: 1
  tasks:
    - name: Into the newest kernel
      saut.kexec.reboot:
        newest: true
        test_command: systemctl is-active nginx
"""

RETURN = r"""
release_before:
  description: The release of the kernel that was left.
  type: str
  returned: always
release:
  description: The release of the kernel that runs.
  type: str
  returned: success
boot_id_before:
  description: Of the boot that was left.
  type: str
  returned: always
boot_id:
  description: Of the first boot that answered.
  type: str
  returned: when the machine came up
by_kexec:
  description: Whether the boot that runs came by kexec.
  type: bool
  returned: success
seconds:
  description: From the order to the first answer of another boot, the delay included.
  type: int
  returned: when the machine came up
trial:
  description: What became of the new kernel, as C(saut status --json) has it.
  type: dict
  returned: where it was on trial
checks:
  description: The result of each check of C(saut check).
  type: dict
  returned: always
"""
