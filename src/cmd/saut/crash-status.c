/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/crash-status.h"

#include <stdio.h>

#include "cmd/json.h"
#include "cmd/saut/loadings.h"
#include "cmd/say.h"

enum { SCHEMA = 1 };

static unsigned long long mib(uint64_t bytes)
{
	return (bytes + (1 << 20) - 1) >> 20;
}

static void show_dump(const struct dump *last)
{
	if (!last->folder) {
		say("no dump is in /var/crash\n");
		return;
	}
	say("last dump (%s): %s\n", last->when, last->folder);
	if (last->panic)
		say("  %s\n", last->panic);
	if (last->core)
		say("  the memory is in %s/%s\n", last->folder, last->core);
	if (last->log)
		say("  the log is in %s/%s\n", last->folder, last->log);
	if (last->is_partial)
		say("  it was not finished\n");
}

static void show_loaded(const struct loaded *loaded, struct arena *arena)
{
	static const char *const is[] = {
		[ANSWER_UNKNOWN] = "whether a crash kernel is loaded is not known",
		[ANSWER_NO] = "no crash kernel is loaded: a panic is not dumped",
		[ANSWER_YES] = "a crash kernel is loaded: a panic jumps into it",
	};
	const struct loading *of = &loaded->of;
	char date[DATE_MAX];

	say("%s\n", is[loaded->is]);
	if (loaded->has_record) {
		say("    kernel   %s\n", loading_words(of, arena));
		loading_show_files(of);
		say("    by       %s, on %s\n", loader_words(of->by), date_of(of->when, date));
	} else if (loaded->unread) {
		say("    which one is not known: %s\n", loaded->unread);
	} else if (loaded->is == ANSWER_YES) {
		say("    which one is not known: neither saut nor kexec has loaded it in this "
		    "boot\n");
	}
}

static void show_reserved(const struct crash_seen *seen)
{
	const struct crash_facts *f = &seen->facts;

	if (!f->is_reserved_known)
		say("how much memory is reserved for a crash kernel is not known\n");
	else if (f->reserved == 0)
		say("no memory is reserved for a crash kernel\n");
	else
		say("%llu MiB of memory are reserved for a crash kernel\n", mib(f->reserved));
	for (size_t i = 0; i < seen->reserved.count; i++)
		say("    %#llx to %#llx (%llu MiB)\n",
			(unsigned long long)seen->reserved.items[i].start,
			(unsigned long long)range_end(seen->reserved.items[i]),
			mib(seen->reserved.items[i].size));
	if (f->reserved && !seen->has_machine)
		say("    where is not known: %s\n", seen->machine_unknown);
}

static void show_needs(const struct crash_seen *seen)
{
	static const char *const formats[] = {
		[ANSWER_UNKNOWN] = "%s would need about %llu MiB of memory\n",
		[ANSWER_NO] =
			"%s would need about %llu MiB of memory, for which too little is reserved\n",
		[ANSWER_YES] = "%s would need about %llu MiB of memory, which fit\n",
	};
	const struct crash_needs *n = &seen->needs;

	if (!n->is_known) {
		say("how much memory a crash kernel would need is not known: %s\n",
			seen->unfound ? seen->unfound
				      : "what is in the initrd cannot be unpacked here");
		return;
	}
	say(formats[seen->facts.reserved ? crash_seen_fits(seen) : ANSWER_UNKNOWN], seen->kernel,
		mib(n->total));
	say("    %llu MiB for the kernel, %llu MiB for the initrd, %llu MiB for what is in it\n",
		mib(n->kernel), mib(n->initrd), mib(n->unpacked));
	say("    %llu MiB for its tables of memory, %llu MiB for core headers, %llu MiB to work "
	    "with\n",
		mib(n->pages), mib(n->headers), mib(n->work));
}

/* Where enough is reserved, nothing is recommended. */
static void show_recommended(const struct crash_seen *seen)
{
	if (seen->usual)
		say("%llu MiB are usual on a machine with %llu MiB of RAM\n", mib(seen->usual),
			mib(seen->ram));
	if (!seen->facts.is_reserved_known || !seen->recommended)
		return;
	if (seen->facts.reserved == 0 || crash_seen_fits(seen) == ANSWER_NO)
		say("what to do: put crashkernel=%lluM on the kernel command line, and reboot\n",
			mib(seen->recommended));
}

/* These are of the crash kernel that is loaded (crash_hotplug in Linux). */
static void show_updates(const struct crash_facts *f)
{
	if (f->loaded != ANSWER_YES)
		return;
	if (f->updates_cpus == ANSWER_YES && f->updates_memory == ANSWER_YES)
		say("the running kernel tells it of CPUs and memory that are added later\n");
	else
		say("CPUs and memory that are added later are not in its dump until it is loaded "
		    "again (saut crash reload)\n");
}

void crash_show_status(const struct crash_seen *seen, struct arena *arena)
{
	show_loaded(&seen->loaded, arena);
	show_reserved(seen);
	show_needs(seen);
	show_recommended(seen);
	show_updates(&seen->facts);
	show_dump(&seen->last);
}

void crash_show_last(const struct crash_seen *seen, struct arena *arena)
{
	(void)arena;
	show_dump(&seen->last);
}

static void show_json_regions(const struct crash_seen *seen, struct json *j)
{
	if (!seen->has_machine) {
		json_null(j, "regions");
		return;
	}
	json_open(j, "regions", '[');
	for (size_t i = 0; i < seen->reserved.count; i++) {
		json_open(j, NULL, '{');
		json_number(j, "start", seen->reserved.items[i].start);
		json_number(j, "size", seen->reserved.items[i].size);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void show_json_needs(const struct crash_seen *seen, struct json *j)
{
	const struct crash_needs *n = &seen->needs;

	if (!n->is_known) {
		json_null(j, "needs");
		return;
	}
	json_open(j, "needs", '{');
	json_string(j, "of", seen->kernel);
	json_number(j, "total", n->total);
	json_number(j, "kernel", n->kernel);
	json_number(j, "initrd", n->initrd);
	json_number(j, "unpacked", n->unpacked);
	json_number(j, "pages", n->pages);
	json_number(j, "headers", n->headers);
	json_number(j, "work", n->work);
	json_close(j, '}');
}

static void show_json_dump(const struct dump *last, struct json *j)
{
	if (!last->folder) {
		json_null(j, "last");
		return;
	}
	json_open(j, "last", '{');
	json_string(j, "folder", last->folder);
	json_string(j, "when", last->when);
	json_string(j, "core", last->core);
	json_string(j, "log", last->log);
	json_bool(j, "is_partial", last->is_partial);
	json_string(j, "panic", last->panic);
	json_close(j, '}');
}

void crash_show_json(const struct crash_seen *seen)
{
	const struct crash_facts *f = &seen->facts;
	struct json j = { .out = stdout };

	json_begin(&j, SCHEMA);
	json_answer(&j, "loaded", f->loaded);
	loading_show_json("loading", seen->loaded.has_record ? &seen->loaded.of : NULL, &j);
	json_number_if(&j, "reserved", f->is_reserved_known, f->reserved);
	show_json_regions(seen, &j);
	show_json_needs(seen, &j);
	json_answer(&j, "fits", crash_seen_fits(seen));
	json_known_number(&j, "usual", seen->usual);
	json_known_number(&j, "recommended", seen->recommended);
	json_number_if(&j, "elfcorehdr_size", f->is_header_known, f->header);
	json_answer(&j, "updates_cpus", f->updates_cpus);
	json_answer(&j, "updates_memory", f->updates_memory);
	show_json_dump(&seen->last, &j);
	json_end(&j);
}
