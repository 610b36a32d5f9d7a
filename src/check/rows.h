/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The functions of the checks, as rows.inc lists them: what each file of a check defines. */
#pragma once

#include "check/check.h"

#define ROW(function, name, title) check_function function;
#include "check/rows.inc"
#undef ROW
