/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a boot service leaves of its work: for saut status, the next boot and the log. */
#include "cmd/saut/service-record.h"

#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "cmd/message.h"
#include "cmd/say.h"
#include "system/loaded.h"

void service_leave_record(struct service *s, enum reboot_way way, const char *reason)
{
	struct reboot_record record = { .way = way, .reason = reason };
	struct loaded now;

	if (way == REBOOT_BY_KEXEC) {
		now = loaded_now(&s->system.arena);
		record.of = now.of;
	} else if (s->target.kernel) {
		record.of.kernel = s->target.kernel;
		record.of.title = s->target.title;
		record.of.release = s->target.release;
	}
	memcpy(record.at, s->at, sizeof record.at);
	record_leave(s->system.source, &record, &s->system.notes);
}

void service_leave_decision(struct service *s, const struct next_reboot *next)
{
	service_leave_record(
		s, next->way == NEXT_JUMP ? REBOOT_BY_KEXEC : REBOOT_BY_FIRMWARE, next->reason);
}

void service_plan(struct service *s, const char *reason)
{
	record_plan(s->system.source, s->target.kernel, reason, &s->system.notes);
}

void service_tell(struct service *s, const struct error *err)
{
	struct error told = *err;

	message_spell(&told);
	service_plan(s, told.reason);
	if (s->rebooting)
		service_leave_record(s, REBOOT_BY_FIRMWARE, told.reason);
	if (!getenv("JOURNAL_STREAM")) {
		openlog("saut", LOG_CONS, LOG_DAEMON);
		say_to_log(LOG_ERR, "no kernel is loaded, the reboot goes through the firmware: %s",
			told.reason);
	}
}
