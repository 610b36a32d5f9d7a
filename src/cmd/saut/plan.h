/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What saut plan shows of a load that is not done: for people, and for programs. */
#pragma once

#include "cmd/json.h"
#include "preview/preview.h"

/* title is that of the boot entry, or the kernel's path. */
void plan_show(const struct preview *preview, const char *title);

/* An object of the array of plans; preview is NULL where err says why there is none. */
void plan_json(
	struct json *j, const struct preview *preview, const char *title, const struct error *err);

/* As a picture, into a file. */
bool plan_svg(const struct preview *preview, const char *title, const char *path, struct error *err)
	__attribute__((warn_unused_result));
