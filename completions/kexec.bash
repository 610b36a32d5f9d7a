# SPDX-License-Identifier: LGPL-2.1-or-later
# bash completion for kexec(8).

_kexec() {
	# shellcheck disable=SC2034 # the function below sets them
	local cur prev words cword split=false
	_init_completion -s 2>/dev/null || {
		cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
		if [[ $cur == --*=* ]]; then
			prev=${cur%%=*} cur=${cur#*=}
		elif [[ $cur == = ]]; then
			cur=
		elif [[ $prev == = ]]; then
			prev=${COMP_WORDS[COMP_CWORD - 2]}
		fi
	}

	local actions='--load --exec --force --load-panic --unload --status --print-ckr-size --help
		--version'
	local values='--initrd= --ramdisk= --initrd-recompress= --module= --append= --command-line=
		--type= --mem-min= --mem-max= --check= --direct= --serial= --serial-baud= --dtb='
	local flags='--kexec-file-syscall --kexec-syscall --kexec-syscall-auto --reuse-cmdline --tune
		--no-checks --entry-32bit --real-mode --args-linux --args-elf --args-none --noefi
		--reuse-video-type --reset-vga --console-vga --console-serial --no-cma --force-dtb
		--no-ifdown --no-sync --debug --explain'

	case $prev in
	--initrd | --ramdisk | --module | --dtb)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames 2>/dev/null
		return
		;;
	--initrd-recompress)
		mapfile -t COMPREPLY < <(compgen -W 'auto keep raw lz4 zstd' -- "$cur")
		return
		;;
	--check)
		mapfile -t COMPREPLY < <(compgen -W 'auto sha256 crc32c none' -- "$cur")
		return
		;;
	--direct)
		mapfile -t COMPREPLY < <(compgen -W 'auto off' -- "$cur")
		return
		;;
	--type | -t)
		mapfile -t COMPREPLY < <(compgen -W 'bzImage bzImage64 elf-x86_64 multiboot-x86
			multiboot2-x86 uki' -- "$cur")
		return
		;;
	--serial)
		mapfile -t COMPREPLY < <(compgen -W 'ttyS0 ttyS1 ttyS2 ttyS3' -- "$cur")
		return
		;;
	--serial-baud)
		mapfile -t COMPREPLY < <(compgen -W '9600 19200 38400 57600 115200' -- "$cur")
		return
		;;
	--append | --command-line | --mem-min | --mem-max)
		return
		;;
	esac

	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$actions $values $flags" -- "$cur")
		[[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace 2>/dev/null
		return
	fi
	mapfile -t COMPREPLY < <(compgen -f -- "${cur:-/boot/}")
	compopt -o filenames 2>/dev/null
}

complete -F _kexec kexec
