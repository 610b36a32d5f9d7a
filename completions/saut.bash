# SPDX-License-Identifier: LGPL-2.1-or-later
# bash completion for saut(8).

_saut() {
	COMPREPLY=()
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local verb=${COMP_WORDS[1]} words

	# "--entry=x" arrives as three words.
	[[ $cur == = ]] && cur=
	[[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD - 2]}

	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W 'list check inspect plan capture load unload reboot status report confirm forgive service crash help version --help --version' -- "$cur")
		return
	fi
	case $prev in
	--entry)
		mapfile -t COMPREPLY < <(compgen -W "$(saut list 2>/dev/null |
			sed -n 's/^    id       \([^ ]*\)$/\1/p')" -- "$cur")
		return
		;;
	--root | --initrd | --svg)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames 2>/dev/null
		return
		;;
	--conf)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames 2>/dev/null
		return
		;;
	--style)
		mapfile -t COMPREPLY < <(compgen -W 'openrc debian systemd runit' -- "$cur")
		return
		;;
	--delay | --within | --command-line | --append | --remove) return ;;
	--confirm)
		mapfile -t COMPREPLY < <(compgen -W 'auto manual' -- "$cur")
		return
		;;
	esac
	case $verb in
	check) words='--running --newest --append= --remove= --strict --quiet --json --root= --no-mount --initrd= --command-line=' ;;
	list) words='--json --root= --no-mount' ;;
	inspect | capture)
		words='--json --quiet --root='
		[[ $verb == capture ]] && words=--root=
		if [[ $cur != -* ]]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			compopt -o filenames 2>/dev/null
			return
		fi
		;;
	plan) words='--running --newest --append= --remove= --initrd= --command-line= --svg= --root= --no-mount --quiet --json' ;;
	status) words='--json --root= --no-mount' ;;
	report) words='--json --history --prometheus --svg= --root=' ;;
	load) words='--json --quiet --entry= --running --newest --append= --remove= --initrd= --no-checks --no-mount --dry-run' ;;
	reboot) words='--json --quiet --entry= --running --newest --append= --remove= --initrd= --firmware --delay= --within= --confirm= --no-come-back --cancel --no-checks --no-mount --dry-run' ;;
	confirm) words='--refuse --json' ;;
	crash) words='status last load reload unload test --yes --json --root= --no-mount --initrd= --command-line= --luks-key='
		if [[ $cur != -* && ${COMP_WORDS[2]} == load && $COMP_CWORD -gt 2 ]]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			compopt -o filenames 2>/dev/null
			return
		fi
		;;
	help) words='list check inspect plan capture load unload reboot status report confirm forgive service crash' ;;
	unload | forgive) words='--json' ;;
	service) words='start stop load reload prepare check status unbind jump leave confirm --style= --conf= --environment --rebooting --check --json' ;;
	*) return ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	[[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace 2>/dev/null
}

complete -F _saut saut
