/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/next-config.h"

#include <string.h>

#include "machine/config.h"

/* config-V for vmlinuz-V, config for vmlinuz. */
static bool read_beside(struct job *job)
{
	const char *kernel = job->wanted.kernel, *slash = strrchr(kernel, '/');
	const char *name = slash ? slash + 1 : kernel, *dash = strchr(name, '-');
	const char *path = arena_printf(
		&job->arena, "%.*sconfig%s", (int)(name - kernel), kernel, dash ? dash : "");
	struct error ignored;
	struct view text;

	/* Where the source has it, others may have read it already. */
	if (path && path[0] == '/' && job->wanted.source &&
		source_read(job->wanted.source, path + 1, &job->arena, &text)) {
		job->config = (struct next_config){ path, text };
		return true;
	}
	if (!path || !file_open(path, &job->config_file, &ignored))
		return false;
	job->config = (struct next_config){ path, job->config_file.bytes };
	return true;
}

/* The release is the first word of what an image says of itself. */
static bool is_running(const struct job *job)
{
	const char *version = job->image.version, *release = job->machine.uname_release;
	size_t n = release ? strlen(release) : 0;

	return n && version && strncmp(version, release, n) == 0 &&
		(!version[n] || version[n] == ' ');
}

static void read_running(struct job *job)
{
	struct snapshot snapshot;
	struct error ignored;

	if (job->wanted.source) {
		kernel_config_text(
			job->wanted.source, &job->arena, &job->config.text, &job->config.name);
		return;
	}
	if (!snapshot_open(job->wanted.root, &snapshot, &ignored))
		return;
	kernel_config_text(&snapshot.source, &job->arena, &job->config.text, &job->config.name);
	snapshot_close(&snapshot);
}

const struct next_config *next_config(struct job *job)
{
	if (!job->config_is_read && !read_beside(job) && is_running(job))
		read_running(job);
	job->config_is_read = true;
	return job->config.text.n ? &job->config : NULL;
}

void next_config_close(struct job *job)
{
	file_close(&job->config_file);
}
