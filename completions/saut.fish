# SPDX-License-Identifier: LGPL-2.1-or-later
# fish completion for saut(8).

function __saut_entries
	saut list 2>/dev/null | string replace -f -r '^    id       ' ''
end

complete -c saut -f
complete -c saut -n __fish_use_subcommand -a list -d 'What this machine could boot next'
complete -c saut -n __fish_use_subcommand -a check -d 'What would go wrong at the next reboot'
complete -c saut -n __fish_use_subcommand -a inspect -d 'What is in a kernel, an initrd or a device tree'
complete -c saut -n '__fish_seen_subcommand_from inspect' -F
complete -c saut -n __fish_use_subcommand -a plan -d 'What a load would do, and why'
complete -c saut -n '__fish_seen_subcommand_from plan report' -l svg -r -F -d 'Draw it'
complete -c saut -n __fish_use_subcommand -a capture -d 'This machine in one file'
complete -c saut -n '__fish_seen_subcommand_from capture' -F
complete -c saut -n __fish_use_subcommand -a load -d 'Load a boot entry'
complete -c saut -n __fish_use_subcommand -a unload -d 'Forget what is loaded'
complete -c saut -n __fish_use_subcommand -a reboot -d 'Load and reboot by the running init'
complete -c saut -n __fish_use_subcommand -a status -d 'What the next reboot will be'
complete -c saut -n __fish_use_subcommand -a report -d 'Where the time of the last reboot went'
complete -c saut -n '__fish_seen_subcommand_from report' -l history -d 'The last reboots'
complete -c saut -n '__fish_seen_subcommand_from report' -l prometheus -d 'For node_exporter'
complete -c saut -n __fish_use_subcommand -a crash -d 'What is ready for a panic, and what the last one has left'
complete -c saut -n '__fish_seen_subcommand_from crash' -a 'status last load reload unload test'
complete -c saut -n '__fish_seen_subcommand_from crash' -F
complete -c saut -n '__fish_seen_subcommand_from crash' -l yes -d 'End this system by a panic, now'
complete -c saut -n '__fish_seen_subcommand_from crash' -l initrd -r -d 'Initrd of the kernel'
complete -c saut -n '__fish_seen_subcommand_from crash' -l luks-key -x -d 'Key for the crash kernel'
complete -c saut -n '__fish_seen_subcommand_from crash' -l command-line -x -d 'Command line of the kernel'
complete -c saut -n '__fish_seen_subcommand_from crash' -l root -r -F -d 'Another system'
complete -c saut -n __fish_use_subcommand -a help -d 'Show the verbs, or the options of one'
complete -c saut -n __fish_use_subcommand -a version -d 'Show the version'
complete -c saut -n '__fish_seen_subcommand_from help' -a 'list check inspect plan capture load unload reboot status report confirm forgive service crash'
complete -c saut -n __fish_use_subcommand -l help -d 'Show the verbs'
complete -c saut -n __fish_use_subcommand -l version -d 'Show the version'
complete -c saut -n '__fish_seen_subcommand_from list check inspect plan load unload reboot status report confirm forgive service crash' -l json -d 'For programs'
complete -c saut -n '__fish_seen_subcommand_from list check inspect plan capture status report' -l root -r -F -d 'Another system'
complete -c saut -n '__fish_seen_subcommand_from load reboot' -l entry -x -a '(__saut_entries)' \
	-d 'The entry with this name'
complete -c saut -n '__fish_seen_subcommand_from check plan load reboot' -l running \
	-d 'The entry with the running kernel'
complete -c saut -n '__fish_seen_subcommand_from check plan load reboot' -l newest \
	-d 'The entry with the newest kernel'
complete -c saut -n '__fish_seen_subcommand_from check plan load reboot' -l append -x -d 'Words for its command line'
complete -c saut -n '__fish_seen_subcommand_from check plan load reboot' -l remove -x -d 'A word of its command line'
complete -c saut -n '__fish_seen_subcommand_from check plan load reboot' -l initrd -r -d 'One more initrd'
complete -c saut -n '__fish_seen_subcommand_from check plan load reboot' -a '(__saut_entries)'
complete -c saut -n '__fish_seen_subcommand_from load reboot' -l no-checks \
	-d 'Load even if a check fails'
complete -c saut -n '__fish_seen_subcommand_from load reboot' -l dry-run \
	-d 'Show what would be done'
complete -c saut -n '__fish_seen_subcommand_from check inspect plan load reboot' -l quiet \
	-d 'Show no progress'
complete -c saut -n '__fish_seen_subcommand_from list check plan load reboot status crash' -l no-mount \
	-d 'Do not mount file systems'
complete -c saut -n '__fish_seen_subcommand_from check' -l strict -d 'A warning fails, too'
complete -c saut -n '__fish_seen_subcommand_from check plan' -l command-line -x \
	-d 'Of a kernel that is named by its path'
complete -c saut -n '__fish_seen_subcommand_from reboot' -l delay -x -d 'Begin later, in seconds'
complete -c saut -n '__fish_seen_subcommand_from reboot' -l cancel -d 'Forget a reboot that waits'
complete -c saut -n '__fish_seen_subcommand_from reboot' -l firmware \
	-d 'Once through the firmware'
complete -c saut -n '__fish_seen_subcommand_from reboot' -l within -x \
	-d 'Until the boot is confirmed, or left, in seconds'
complete -c saut -n '__fish_seen_subcommand_from reboot' -l confirm -x -a 'auto manual' -d 'By whom'
complete -c saut -n '__fish_seen_subcommand_from reboot' -l no-come-back -d 'Not on trial'
complete -c saut -n __fish_use_subcommand -a confirm -d 'This boot is good, or is not'
complete -c saut -n '__fish_seen_subcommand_from confirm' -l refuse \
	-d 'Leave this boot through the firmware'
complete -c saut -n __fish_use_subcommand -a forgive -d 'Jump again into a kernel that failed'
complete -c saut -n __fish_use_subcommand -a service -d 'What the boot services call'
complete -c saut -n '__fish_seen_subcommand_from service' -a 'start stop load reload prepare check status unbind jump leave confirm'
complete -c saut -n '__fish_seen_subcommand_from service' -l style -x \
	-a 'openrc debian systemd runit' -d 'Whose settings'
complete -c saut -n '__fish_seen_subcommand_from service' -l conf -r -F -d 'Read these settings'
complete -c saut -n '__fish_seen_subcommand_from service' -l environment \
	-d 'Settings in the environment win'
complete -c saut -n '__fish_seen_subcommand_from service' -l rebooting \
	-d 'stop: the machine goes down for a reboot'
complete -c saut -n '__fish_seen_subcommand_from service' -l check -d 'jump: only say whether'
