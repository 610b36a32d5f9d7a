/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An error as a program is told of it, in the place of the document that it has asked for. */
#pragma once

#include "base/error.h"

/* Whether --json is among the words of a verb; by the letters that getopt_long(3) takes for it as well. */
bool error_json_is_wanted(int argc, char **argv);

/* Nothing where a document was printed whose answer the error is. */
void error_json_show(const struct error *err);
