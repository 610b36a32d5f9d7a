/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in files, as a stranger asks for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <saut.h>

#define MACHINE TESTS "/machines/q35-1g.machine"
#define UINITRD TESTS "/fuzz/corpus/uimage/initrd"
#define BZIMAGE TESTS "/fuzz/corpus/bzimage/protocol-2.10"

static const char archive[] = "070701"
			      "00000000000000000000000000000000000000000000000000000000"
			      "00000000000000000000000000000000" /* up to the name's size */
			      "0000000b00000000TRAILER!!!\0\0\0";

static int begin(void **state)
{
	*state = saut_new();
	return saut_set_root(*state, MACHINE);
}

static int end(void **state)
{
	saut_free(*state);
	return 0;
}

static void a_kernel_is_told(void **state)
{
	const struct saut_inspection *found = NULL;
	const struct saut_kernel *kernel;

	assert_int_equal(saut_inspect(*state, BZIMAGE, &found), SAUT_DONE);
	kernel = found->kernel;
	assert_non_null(kernel);
	assert_null(found->initrd);
	assert_null(found->device_tree);
	assert_null(found->uimage);
	assert_string_equal(kernel->format, "bzImage");
	assert_string_equal(kernel->architecture, "i386");
	assert_string_equal(kernel->release, "6.12.1-test");
	assert_int_equal(kernel->protocol, 0x20a);
	assert_null(kernel->layers[0]);
	assert_null(kernel->profiles);
	assert_int_equal(kernel->call, SAUT_CALL_LOAD);
	assert_non_null(kernel->reason);
}

static void an_initrd_is_told(void **state)
{
	const struct saut_inspection *found = NULL;
	char path[] = "/tmp/saut-test-inspect-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, archive, sizeof archive), sizeof archive);
	close(fd);
	assert_int_equal(saut_inspect(*state, path, &found), SAUT_DONE);
	unlink(path);
	assert_null(found->kernel);
	assert_non_null(found->initrd);
	assert_string_equal(found->initrd->archives[0]->packing, "cpio");
	assert_null(found->initrd->archives[1]);
	assert_null(found->initrd->damage);
	assert_null(found->initrd->modules_of[0]);
	assert_false(found->initrd->has_init);
}

static void a_uimage_is_told(void **state)
{
	const struct saut_inspection *found = NULL;

	assert_int_equal(saut_inspect(*state, UINITRD, &found), SAUT_DONE);
	assert_null(found->kernel);
	assert_non_null(found->initrd);
	assert_non_null(found->uimage);
	assert_string_equal(found->uimage->name, "Linux-6.1");
	assert_string_equal(found->uimage->architecture, "ARM");
	assert_string_equal(found->uimage->compression, "gzip");
	assert_int_equal(found->uimage->load_address, 0x40008000);
	assert_int_equal(found->uimage->size, found->initrd->size);
}

/* What was told before is gone, and nothing else is. */
static void a_failure_is_told(void **state)
{
	const struct saut_inspection *found = NULL;

	assert_int_equal(saut_inspect(*state, NULL, &found), SAUT_USAGE);
	assert_int_equal(saut_inspect(*state, "/nonexistent/k", &found), SAUT_IMAGE);
	assert_string_equal(saut_attempt(*state), "inspect /nonexistent/k");
	assert_non_null(strstr(saut_reason(*state), "No such file"));
	assert_null(found);
	assert_int_equal(saut_inspect(*state, BZIMAGE, &found), SAUT_DONE);
	assert_string_equal(saut_reason(*state), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kernel_is_told),
		cmocka_unit_test(an_initrd_is_told),
		cmocka_unit_test(a_uimage_is_told),
		cmocka_unit_test(a_failure_is_told),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
