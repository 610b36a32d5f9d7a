/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What GRUB itself sets before it reads grub.cfg, "Environment". */
#include <string.h>

#include "entry/grub/environment.h"
#include "machine/text.h"

static void set_unknown(struct grub *g, const char *name, const char *doubt)
{
	grub_assign(g, name, (struct grub_value){ "", doubt });
}

static const char *word_in(struct grub *g, const char *path)
{
	struct view text;

	return finder_read(g->f, path, &text) ? arena_string(g->f->arena, text_trim(text)) : NULL;
}

/* A PC's BIOS starts a 32-bit GRUB, whatever the kernel; Xen has one of its own. */
static const char *cpu_name(struct grub *g, const char *name)
{
	const char *bits = word_in(g, "/sys/firmware/efi/fw_platform_size");

	if (g->f->arch != ARCH_X86_64)
		return name;
	return g->f->is_efi && !(bits && strcmp(bits, "32") == 0) ? name : "i386";
}

static void set_machine(struct grub *g, const char *doubt)
{
	const struct cpu *here = cpu_of(g->f->arch);
	const char *cpu = NULL, *platform = NULL, *hypervisor;

	if (here->grub) {
		cpu = cpu_name(g, here->grub);
		platform = g->f->is_efi ? "efi" : here->grub_platform;
	}
	hypervisor = word_in(g, "/sys/hypervisor/type");
	if (hypervisor && strcmp(hypervisor, "xen") == 0)
		cpu = platform = NULL;
	if (cpu)
		grub_set(g, "grub_cpu", cpu);
	else
		set_unknown(g, "grub_cpu", doubt);
	if (platform)
		grub_set(g, "grub_platform", platform);
	else
		set_unknown(g, "grub_platform", doubt);
}

void grub_set_environment(struct grub *g)
{
	static const char *const yes[] = { "feature_200_final", "feature_all_video_module",
		"feature_chainloader_bpb", "feature_default_font_path", "feature_menuentry_id",
		"feature_menuentry_options", "feature_nativedisk_cmd", "feature_ntldr",
		"feature_platform_search_hint", "feature_timeout_style" };
	static const char *const unknown[] = { "biosnum", "check_signatures", "cmdpath",
		"config_url", "fw_path", "lockdown", "net_default_interface", "net_default_ip",
		"net_default_mac", "net_default_server", "pxe_default_server", "shim_lock" };
	static const char *const exported[] = { "config_directory", "config_file", "grub_cpu",
		"grub_platform", "prefix", "root" };
	const char *prefix = arena_printf(g->f->arena, "(" GRUB_SYSTEM ")%s", g->folder);
	const char *file = arena_printf(g->f->arena, "(" GRUB_SYSTEM ")%s", g->main_file);
	const char *doubt = grub_reason(g, "it has a variable that GRUB sets, known to GRUB only");

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		grub_set(g, yes[i], "y");
		grub_export(g, yes[i]);
	}
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		set_unknown(g, unknown[i], doubt);
	set_machine(g, doubt);
	g->is_out_of_memory |= !prefix || !file;
	if (g->is_out_of_memory)
		return;
	grub_set(g, "root", GRUB_HOME);
	grub_set(g, "prefix", prefix);
	grub_set(g, "config_directory", prefix);
	grub_set(g, "config_file", file);
	for (size_t i = 0; i < sizeof exported / sizeof *exported; i++)
		grub_export(g, exported[i]);
	g->variables->own = g->variables->count;
}
