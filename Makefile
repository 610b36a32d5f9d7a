# SPDX-License-Identifier: LGPL-2.1-or-later
# The few commands that a person types; everything else is meson.
#
#   make            build/kexec, build/saut and build/vmcore-dmesg
#   make static     the same in build/static, for an initramfs or a rescue system
#   make cross CPU=arm64
#                   the same for another CPU (those in tools/cross) in build/cross
#   make musl       static commands with the C library musl in build/musl
#   make demo       a real kexec reboot in a virtual machine; build/report.svg shows where its time went
#   make install    builds and installs below PREFIX=/usr (DESTDIR= and SERVICES= as in meson_options.txt)
#   make uninstall  takes away what the last make install put there
#   make deb        Debian packages in build/deb; make deb CPU=arm64, those of another CPU in build/cross
#   make check-fast the unit and the style tests: what is run after each change
#   make check      all tests that fit into half an hour; make check-all runs the rest as well
#   make fuzz MINUTES=30
#                   lets every fuzzer search, all of them in so many minutes
#   make soak JUMPS=1000
#                   jumps one after the other, drawn at random, after each of which the machine is what it was
#   make bench      load time and blackout beside kexec-tools
#   make bench-start  which functions of the next kernel's start take most
#   make bench-outage
#                   how long a system on a disk is away when it is rebooted, in each way
MESON  ?= meson
PYTHON ?= /usr/bin/python3
JOBS   ?= 2
PREFIX ?= /usr
MINUTES ?= 30
JUMPS ?= 1000
SERVICES ?= auto

# Ahead of the rules, whose prerequisites name it.
cross_cpu = $(or $(CPU),arm64)
cross_files = $(foreach file,build/cross/$(1)/sysroot.ini tools/cross/$(1).ini tools/cross/clang.ini,\
	--cross-file $(file))

all: build/meson/build.ninja
	@ninja -C build/meson -j $(JOBS)
	@ln -sf meson/src/cmd/kexec/kexec meson/src/cmd/saut/saut meson/src/cmd/vmcore-dmesg/vmcore-dmesg build/

static: build/static/meson/build.ninja
	@ninja -C build/static/meson -j $(JOBS)
	@ln -sf meson/src/cmd/kexec/kexec meson/src/cmd/saut/saut meson/src/cmd/vmcore-dmesg/vmcore-dmesg build/static/

build/meson/build.ninja:
	@tools/dependencies build
	@$(MESON) setup --werror build/meson

build/static/meson/build.ninja:
	@tools/dependencies build
	@$(MESON) setup --werror -Dstatic=true -Dtests=false build/static/meson

# The sysroot lies in the cache, so its place cannot stand in a file of the tree.
cross: build/cross/$(cross_cpu)/meson/build.ninja
	@ninja -C build/cross/$(cross_cpu)/meson -j $(JOBS)
	@ln -sf meson/src/cmd/kexec/kexec meson/src/cmd/saut/saut meson/src/cmd/vmcore-dmesg/vmcore-dmesg build/cross/$(cross_cpu)/

# All that `make check` runs of other CPUs.
crosses:
	@for cpu in $(filter-out clang,$(basename $(notdir $(wildcard tools/cross/*.ini)))); do $(MAKE) --no-print-directory cross CPU=$$cpu || exit; done
	@$(MAKE) --no-print-directory cross-tests CPU=i386

# The unit tests of another CPU, linked dynamically as cmocka is; i386's run on x86-64 as they are.
cross-tests: build/cross/$(cross_cpu)/tests/build.ninja
	@ninja -C build/cross/$(cross_cpu)/tests -j $(JOBS)

build/cross/%/meson/build.ninja: build/cross/%/sysroot.ini
	@$(MESON) setup --werror -Dstatic=true -Db_pie=false -Dtests=false $(call cross_files,$*) $(@D)

build/cross/%/tests/build.ninja: build/cross/%/sysroot.ini
	@$(MESON) setup --werror $(call cross_files,$*) $(@D)

build/cross/%/sysroot.ini:
	@tools/dependencies cross
	@mkdir -p $(@D)
	@root=$$(tools/sysroot $*) && echo "[constants]\nsysroot = '$$root'" >$@

musl: build/musl/meson/build.ninja
	@ninja -C build/musl/meson -j $(JOBS)
	@ln -sf meson/src/cmd/kexec/kexec meson/src/cmd/saut/saut meson/src/cmd/vmcore-dmesg/vmcore-dmesg build/musl/

build/musl/meson/build.ninja:
	@tools/dependencies musl
	@$(MESON) setup --werror --native-file $$(tools/musl/toolchain build/musl) \
		-Dstatic=true -Dtests=false -Dblkid=disabled $(@D)

# Its own build, without tests: who installs need not have what they need.
install:
	@tools/dependencies build
	@$(MESON) setup $$(test ! -e build/install/build.ninja || echo --reconfigure) \
		--buildtype=release --prefix=$(PREFIX) --sbindir=sbin \
		-Dtests=false -Dservices=$(SERVICES) build/install
	@ninja -C build/install -j $(JOBS)
	@$(MESON) install -C build/install --no-rebuild $(if $(DESTDIR),--destdir=$(DESTDIR))

# By meson's record of it; and what only it reads.
uninstall:
	@ninja -C build/install uninstall
	@rm -rf $(DESTDIR)/var/cache/saut

deb:
	@tools/dependencies package
	@$(if $(CPU),tools/dependencies cross)
	@tools/build-deb $(CPU)

demo: static
	@tools/dependencies demo
	@$(PYTHON) tests/vm/demo.py

check-fast: all
	@tools/dependencies fast
	@tools/check --fast

check: check-dependencies all static crosses
	@tools/check

check-all: check-dependencies all static crosses
	@tools/dependencies packages
	@tools/dependencies kernels
	@tools/check --all

# Before anything is configured: what is tested depends on the compilers that are there.
check-dependencies:
	@tools/dependencies check

fuzz:
	@tools/dependencies check
	@tools/fuzz --minutes $(MINUTES)

soak: static
	@tools/dependencies check
	@$(PYTHON) tests/vm/soak.py --jumps $(JUMPS)$(if $(SEED), --seed $(SEED))

bench: static
	@tools/dependencies check
	@$(PYTHON) bench/bench.py

build/bench/start-ticks.so: bench/start-ticks.c
	@mkdir -p $(@D)
	$(CC) -std=gnu17 -O2 -Wall -Wextra -Werror -shared -fPIC -fvisibility=hidden -o $@ $<

bench-start: static build/bench/start-ticks.so
	@$(PYTHON) bench/start.py --symbols 40

bench-outage: all
	@tools/dependencies outage
	@$(PYTHON) bench/outage.py

clean:
	rm -rf build

.PRECIOUS: build/cross/%/sysroot.ini
.PHONY: all static musl cross cross-tests crosses install uninstall deb demo check-fast check check-all check-dependencies fuzz soak bench bench-start bench-outage clean
