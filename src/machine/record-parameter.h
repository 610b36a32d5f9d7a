/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * "saut.record=DIGITS": where kernels are told by their command line alone, the stub writes its record into that, each
 * byte of struct stub_record as two hexadecimal digits. The kernel itself passes over the parameter.
 */
#pragma once

#define RECORD_PARAMETER "saut.record"
