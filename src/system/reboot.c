/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/reboot.h"

#include <string.h>

#include "machine/text.h"
#include "sys/process.h"
#include "sys/store.h"
#include "system/load.h"

static bool find_init(const struct system *s, const struct init_command **ret, struct error *err)
{
	const struct init_command *init = init_command_for(s->init.init);

	if (s->ability.may_boot == ANSWER_NO)
		return fail(err, FAULT_NO_CAPABILITY, "CAP_SYS_BOOT is missing");
	if (!init && s->init.unread)
		return fail(err, FAULT_MACHINE_UNREADABLE, "%s", s->init.unread);
	if (!init)
		return fail(err, FAULT_UNKNOWN_INIT,
			"process 1 is %s, which saut does not know how to ask for a reboot",
			s->init.name[0] ? s->init.name : "unknown");
	if (!process_exists(init->by_kexec[0]))
		return fail(err, FAULT_NO_PROGRAM,
			"%s is asked by %s, and there is no such program", init->name,
			init->by_kexec[0]);
	*ret = init;
	return true;
}

/* By reboot(2), where Xen has the machine and the running kernel knows of nothing that is loaded. */
static bool check_xen(const struct system *s, const struct init_command *init, struct error *err)
{
	static const char inittab[] = "/etc/inittab";

	if (s->ability.xen.kind != XEN_PV_DOM0)
		return true;
	if (s->init.init == INIT_OPENRC_INIT)
		return fail(err, FAULT_NO_HOOK,
			"%s jumps by reboot(2), which under Xen (this is a PV dom0) has nothing to "
			"jump into",
			init->name);
	if (s->init.jumper && strncmp(s->init.jumper, inittab, strlen(inittab)) == 0)
		return fail(err, FAULT_NO_HOOK,
			"%s jumps by reboot(2), which under Xen (this is a PV dom0) has nothing to "
			"jump into",
			s->init.jumper);
	return true;
}

bool reboot_init_jumps(const struct system *s, struct error *err)
{
	const struct init_command *init = init_command_for(s->init.init);

	if (init && init->hook && !s->init.jumper)
		return fail(err, FAULT_NO_HOOK,
			"%s jumps into a loaded kernel only by %s, which is not there", init->name,
			init->hook);
	return !init || check_xen(s, init, err);
}

bool reboot_decide(const struct system *s, struct reboot_wish wish, struct reboot_decision *ret,
	struct error *err)
{
	const struct init_command *init = NULL;
	struct reboot_decision firmware = { .way = REBOOT_BY_FIRMWARE,
		.reason = "saut reboot --firmware" };

	if (!find_init(s, &init, err))
		return false;
	firmware.argv = init->by_firmware;
	/* Who asks for an entry after an unload wishes otherwise by now. */
	if (!wish.firmware && s->off.kind != OFF_NONE &&
		!(s->off.kind == OFF_UNLOADED && wish.is_entry_given)) {
		/* The firmware would boot what it likes, and not what was asked for. */
		if (wish.is_entry_given)
			return fail(err, FAULT_SWITCHED_OFF, "%s", s->off.what);
		firmware.off = &s->off;
		firmware.reason = s->off.what;
	}
	if (!wish.firmware && !firmware.off && wish.unfit)
		firmware.reason = wish.unfit;
	if (wish.firmware || firmware.off || wish.unfit) {
		*ret = firmware;
		return true;
	}
	if (!reboot_init_jumps(s, err))
		return false;
	*ret = (struct reboot_decision){
		.way = REBOOT_BY_KEXEC,
		.reason = "saut reboot",
		.keeps_loaded = !wish.is_entry_given && s->ability.loaded == ANSWER_YES,
		.argv = init->by_kexec,
	};
	return true;
}

/* In the way that each of them knows. */
static bool keep_others_from_loading(struct system *s, struct error *err)
{
	if (!store_file(OFF_ONCE_FILE, "saut reboot\n", err))
		return false;
	for (size_t i = 0; i < FOREIGN_SWITCHES; i++) {
		const struct foreign_switch *f = &foreign_switches[i];
		bool used = foreign_switch_is_used(f, s->source, &s->arena);

		if (!(used ? store_file(f->file, "", err) : store_remove(f->file, err)))
			return false;
	}
	return true;
}

/* What was there before is somebody's wish, and stays. */
static const char *add_new(struct system *s, const char *files, const char *file)
{
	struct view bytes = { 0 };
	struct error ignored;

	if (!files || !source_take(s->source, file + 1, &s->arena, &bytes, &ignored) || bytes.p)
		return files;
	return arena_printf(&s->arena, "%s%s%s", files, files[0] ? " " : "", file);
}

const char *reboot_switches(struct system *s)
{
	const char *files = add_new(s, "", OFF_ONCE_FILE);

	for (size_t i = 0; i < FOREIGN_SWITCHES; i++)
		files = add_new(s, files, foreign_switches[i].file);
	return files;
}

static void take_back(struct system *s)
{
	const char *files = reboot_switches(s);
	struct view left = view_of_string(files ? files : ""), file;
	struct error ignored;

	while (text_word(&left, &file)) {
		const char *path = arena_string(&s->arena, file);

		if (path)
			(void)!store_remove(path, &ignored);
	}
}

bool reboot_through_firmware(struct system *s, struct error *err)
{
	if (keep_others_from_loading(s, err) &&
		(s->ability.loaded == ANSWER_NO || system_unload(false, &s->ability, err)))
		return true;
	take_back(s);
	return false;
}
