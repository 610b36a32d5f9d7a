/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/look-options.h"

#include <getopt.h>
#include <stddef.h>

bool look_options_read(int argc, char **argv, struct look_options *ret)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' },
		{ "root", required_argument, NULL, 'r' }, { "no-mount", no_argument, NULL, 'm' },
		{ 0 } };
	struct look_options look = { 0 };

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c != 'j' && c != 'r' && c != 'm')
			return false;
		look.as_json |= c == 'j';
		look.no_mount |= c == 'm';
		look.root = c == 'r' ? optarg : look.root;
	}
	*ret = look;
	return optind == argc;
}

bool json_option_read(int argc, char **argv, bool *ret)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' }, { 0 } };

	*ret = false;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c != 'j')
			return false;
		*ret = true;
	}
	return optind == argc;
}
