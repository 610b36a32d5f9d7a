/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* --reset-vga: who asks the stub for it, and what the next kernel is told of the screen. */
#include "arch/planned.h"

#include "base/fields.h"
#include "stub/abi.h"

enum {
	MODE = 0x06,
	COLUMNS = 0x07,
	ROWS = 0x0e,
	KIND = 0x0f,
	POINTS = 0x10,
	FRAMEBUFFER_BASE = 0x18,
	KIND_GRAPHICS = 0x23,
};

static uint8_t screen(const struct planned *p, size_t offset)
{
	return planned_segment(p, "boot data")->data.p[offset];
}

/* The screen in a mode of VESA, which a driver draws on. */
static void begin_graphics(struct planned *p, const char *machine)
{
	struct block params;

	planned_begin(p, machine);
	params = (struct block){ arena_alloc(&p->arena, 4096), 4096, false };
	memcpy(params.p, p->machine.boot_params.p, 4096);
	memset(params.p, 0xaa, 0x40);
	block_put_u8(&params, KIND, KIND_GRAPHICS);
	p->machine.boot_params = (struct view){ params.p, params.n };
	p->machine.framebuffer = (struct framebuffer_facts){ FRAMEBUFFER_DRIVER, "bochs-drmdrmfb" };
}

static void the_screen_stays_as_it_is_else(void **state)
{
	struct planned p;

	(void)state;
	begin_graphics(&p, "q35-1g");
	p.request.quirks.keep_screen_info = true;
	assert_true(planned_make(&p));
	assert_int_equal(planned_args(&p).restore, 0);
	assert_int_equal(planned_args(&p).console & STUB_CONSOLE_VGA, 0);
	assert_int_equal(screen(&p, KIND), KIND_GRAPHICS);
	arena_free(&p.arena);
}

static void the_next_kernel_finds_a_text_screen(void **state)
{
	struct planned p;

	(void)state;
	begin_graphics(&p, "q35-1g");
	p.request.quirks.reset_screen = true;
	assert_true(planned_make(&p));
	assert_int_equal(planned_args(&p).restore, STUB_RESTORE_VGA);
	/* And so the stub has one to complain on. */
	assert_int_equal(planned_args(&p).console & STUB_CONSOLE_VGA, STUB_CONSOLE_VGA);
	assert_int_equal(screen(&p, MODE), 3);
	assert_int_equal(screen(&p, COLUMNS), 80);
	assert_int_equal(screen(&p, ROWS), 25);
	assert_int_equal(screen(&p, KIND), 1);
	assert_int_equal(screen(&p, POINTS), 16);
	assert_int_equal(screen(&p, FRAMEBUFFER_BASE), 0);
	/* What is known of the machine is as it was: only the plan thinks further. */
	assert_int_equal(p.machine.boot_params.p[KIND], KIND_GRAPHICS);
	arena_free(&p.arena);
}

static void where_the_firmware_has_no_text_mode_it_is_said(void **state)
{
	bool found = false;
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-uefi-5g");
	p.request.quirks.reset_screen = true;
	assert_true(planned_make(&p));
	assert_int_equal(planned_args(&p).restore, 0);
	for (size_t i = 0; i < p.plan.notes.count; i++)
		found |= strstr(p.plan.notes.items[i], FIELD_RESET_VGA " has no effect") != NULL;
	assert_true(found);
	arena_free(&p.arena);
}

static void it_chooses_the_call_that_has_a_stub(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.request.call = CALL_AUTO;
	p.machine.kexec.signature_forced = ANSWER_YES;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_FILE_LOAD);
	p.request.quirks.reset_screen = true;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_LOAD);
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_screen_stays_as_it_is_else),
		CASE(the_next_kernel_finds_a_text_screen),
		CASE(where_the_firmware_has_no_text_mode_it_is_said),
		CASE(it_chooses_the_call_that_has_a_stub),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
