# SPDX-License-Identifier: LGPL-2.1-or-later
"""Scripts in the place of systemd's programs, for a guest that has no init system: what they are asked for is what a test sees."""

from __future__ import annotations

import rootfs

#: Does at once what systemd would do in the end.
SYSTEMCTL = f"""#!/bin/sh
[ "$1" != stop ] || exit 0
echo "$@" >/run/asked
case "$*" in *kexec.target*) exec {rootfs.TOOL} -e ;; esac
"""

#: A timer and its unit, which are there while it waits.
SYSTEMD_RUN = """#!/bin/sh
while [ "${1#--}" != "$1" ]; do
	case "$1" in
	--unit=*) unit=${1#--unit=} ;;
	--on-active=*) seconds=${1#--on-active=} ;;
	esac
	shift
done
mkdir -p /run/systemd/transient
file=/run/systemd/transient/$unit.service
: >$file
(
	sleep ${seconds%s}
	"$@"
	rm -f $file
) >>/run/journal 2>&1 &
"""

#: The guest's files, which RUNNING and PROGRAMS put into their places.
TREE = {"etc/saut/systemctl": SYSTEMCTL.encode(), "etc/saut/systemd-run": SYSTEMD_RUN.encode()}

#: By this systemd is known to run.
RUNNING = "mkdir -p /run/systemd/system"
PROGRAMS = "cp /etc/saut/systemctl /etc/saut/systemd-run /bin && chmod 755 /bin/systemctl /bin/systemd-run"
