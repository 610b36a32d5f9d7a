#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""saut.kexec.facts: what a machine's next reboot will be, and what it could boot."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: facts
short_description: Tells what a machine's next reboot will be, and what it could boot
description:
  - Gathers what C(saut status --json) and C(saut list --json) tell, as the fact C(saut). Nothing is changed.
options:
  executable:
    description: The command saut.
    type: str
    default: saut
author:
  - Saut maintainers
"""

EXAMPLES = r"""
- saut.kexec.facts:
- debug:
    msg: "{{ ansible_facts.saut.status.next_reboot }}"
"""

RETURN = r"""
ansible_facts:
  description: C(saut.status), C(saut.entries), and C(saut.problems) with what could not be told.
  type: dict
  returned: always
"""

from ansible.module_utils.basic import AnsibleModule  # noqa: E402

from ansible_collections.saut.kexec.plugins.module_utils import answers  # noqa: E402


def ask(module, verb, problems):
    """A verb's JSON; None where it could not be told, which is added to @problems."""
    _, text, said = module.run_command([module.params["executable"], verb, "--json"])
    try:
        document = answers.parse(text)
    except answers.Unreadable as failure:
        problems.append("%s: %s" % (verb, said.strip() or failure))
        return None
    refused = answers.refusal(document)
    if refused:
        problems.append(refused)
        return None
    return document


def main():
    """What Ansible calls."""
    module = AnsibleModule({"executable": {"type": "str", "default": "saut"}}, supports_check_mode=True)
    problems = []
    status = ask(module, "status", problems)
    if status is None:
        module.fail_json(msg="; ".join(problems))
    listed = ask(module, "list", problems)
    module.exit_json(changed=False, ansible_facts={"saut": {
        "status": status,
        "entries": listed["entries"] if listed else [],
        "problems": problems,
    }})


if __name__ == "__main__":
    main()
