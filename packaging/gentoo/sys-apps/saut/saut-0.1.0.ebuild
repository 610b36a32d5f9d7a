# Copyright 2026 Gentoo Authors
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit linux-info meson

# Where the project is published, home page and archives: the packager's to set.
SAUT_SITE="https://saut.example"

DESCRIPTION="Reboot Linux into another kernel without the firmware (kexec)"
HOMEPAGE="${SAUT_SITE}/"
SRC_URI="${SAUT_SITE}/${P}.tar.xz"

LICENSE="LGPL-2.1+"
SLOT="0"
KEYWORDS="~amd64"
IUSE="nls static-libs test"
RESTRICT="!test? ( test )"

RDEPEND="
	!sys-apps/kexec-tools
	app-arch/bzip2:=
	app-arch/libdeflate:=
	app-arch/lz4:=
	app-arch/xz-utils
	app-arch/zstd:=
	dev-libs/libnl:3=
	sys-apps/dtc
	sys-apps/util-linux
	virtual/zlib:=
	nls? ( virtual/libintl )
"
DEPEND="
	${RDEPEND}
	test? ( dev-util/cmocka )
"
# The code between the kernels is built by the compiler of the system, as all the rest is.
BDEPEND="
	virtual/pkgconfig
	nls? ( sys-devel/gettext )
"

CONFIG_CHECK="~KEXEC ~KEXEC_FILE"
ERROR_KEXEC="CONFIG_KEXEC is what Saut loads most kernels with, and fastest."
ERROR_KEXEC_FILE="CONFIG_KEXEC_FILE loads kernels whose signature must be verified."

src_configure() {
	local emesonargs=(
		$(meson_feature nls)
		$(meson_use static-libs static-library)
		$(meson_use test tests)
		-Dservices=openrc,systemd,kernel-hooks,dracut
		-Dstubs=host
	)
	meson_src_configure
}

src_test() {
	meson_src_test --no-suite fuzz
}

pkg_postinst() {
	local word roots=()

	if [[ -z ${REPLACING_VERSIONS} ]]; then
		elog "So that reboots skip the firmware:"
		elog "  OpenRC:   rc-update add kexec boot; rc-service kexec start"
		elog "            with openrc-init also: rc-update add kexec-jump shutdown"
		elog "  systemd:  systemctl enable --now kexec-load.service"
		elog "What the next reboot boots is found by its name in /boot, or by the boot"
		elog "loader; /etc/conf.d/kexec names something else. REBOOT_BY_KEXEC=\"no\" in"
		elog "/etc/kexec.conf switches it off, and saut reboot --firmware does so once."
	fi

	# Other tools have added theirs at each reboot, and the next kernel's words are made of these.
	for word in $(< /proc/cmdline); do
		[[ ${word} == root=* ]] && roots+=( "${word}" )
	done
	if [[ ${#roots[@]} -gt 1 ]]; then
		ewarn "The running kernel was told ${#roots[@]} times what its root is: ${roots[*]}"
		ewarn "Saut hands on the last of them alone. If that is not what you want, set"
		ewarn "ROOTPART in /etc/conf.d/kexec, or reboot once by saut reboot --firmware."
	fi
}
