/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * stamp: reads the CPU's counter where the VM tests and the benchmark need it.
 *
 * The kernel starts it as /init, so that the end of a jump's blackout is its first
 * instruction; for that reason it has no C library, whose start-up would be counted.
 * The counter is not reset by kexec, so stamps of two kernels can be subtracted.
 *
 *	/init                       print "@@ init-tsc N", go on as sh /etc/saut/init N
 *	stamp now                   print N
 *	stamp run COMMAND [ARG...]  run it; print its ticks, result and peak memory
 *	stamp hold WORD             fill a page of memory with WORD, print its physical address in
 *	                            hexadecimal, and stay
 *	stamp reboot-kexec          print "@@ reboot-tsc N", call reboot(2) at that very tick
 *
 * More verbs run a command with less than root's powers, which busybox cannot:
 *
 *	stamp as-nobody COMMAND [ARG...]        as user and group 65534
 *	stamp without-boot COMMAND [ARG...]     as root, but without CAP_SYS_BOOT
 *	stamp without-calls COMMAND [ARG...]    as on a kernel without kexec_load and kexec_file_load
 *	stamp without-jump COMMAND [ARG...]     reboot(2) fails with EIO
 */

#include <asm/errno.h>
#include <asm/signal.h>
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/reboot.h>
#include <linux/resource.h>
#include <linux/seccomp.h>
#include <linux/time.h>
#include <linux/wait.h>
#include <asm/ioctls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "stamp-cpu.h"

/* The kernel enters with argc, argv and envp on the stack. */
__attribute__((noreturn)) void stamp_main(uint64_t first_tick, uintptr_t *stack);

enum { STDIN, STDOUT };

/* How far ahead reboot-kexec announces its tick: enough for a serial line to drain. */
static const uint64_t NOTICE_TICKS = 50u * 1000 * 1000;

static long call(long number, uintptr_t a, uintptr_t b, uintptr_t c)
{
	return call5(number, a, b, c, 0, 0);
}

__attribute__((noreturn)) static void leave(int status)
{
	for (;;)
		call(SYS_exit_group, (uintptr_t)status, 0, 0);
}

/* Compilers call it for what is set to zero. */
void *memset(void *at, int byte, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((volatile char *)at)[i] = (char)byte;
	return at;
}

/* --- text --- */

/* One line, written with one call: the kernel's own messages share the console. */
struct line {
	size_t length;
	char text[240];
};

static void add(struct line *line, const char *text)
{
	while (*text != '\0' && line->length < sizeof(line->text) - 1)
		line->text[line->length++] = *text++;
}

static void add_number(struct line *line, uint64_t value)
{
	char digits[21];
	char *at = digits + sizeof(digits) - 1;

	*at = '\0';
	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	add(line, at);
}

static void put(struct line *line)
{
	line->text[line->length++] = '\n';
	call(SYS_write, STDOUT, (uintptr_t)line->text, line->length);
	line->length = 0;
}

static bool same(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* The number after @key in the text of a /proc file; 0 where the key is missing. */
static uint64_t field(const char *text, const char *key)
{
	for (; *text != '\0'; text++) {
		const char *at = text;
		const char *want = key;
		uint64_t value = 0;

		while (*want != '\0' && *at == *want) {
			at++;
			want++;
		}
		if (*want != '\0')
			continue;
		while (*at == ' ' || *at == '\t')
			at++;
		while (*at >= '0' && *at <= '9')
			value = value * 10 + (uint64_t)(*at++ - '0');
		return value;
	}
	return 0;
}

/* --- run --- */

struct memory {
	uint64_t peak_kib, anon_kib;
};

/* Read while the process stands at its exit: afterwards nothing tells file pages, which
 * are shared with the page cache, from memory that it took for itself. */
static struct memory memory_of(long pid)
{
	struct line path = { 0 };
	char text[4096];
	long fd, n;

	add(&path, "/proc/");
	add_number(&path, (uint64_t)pid);
	add(&path, "/status");
	fd = call(SYS_openat, AT_FDCWD, (uintptr_t)path.text, 0);
	if (fd < 0)
		return (struct memory){ 0 };
	n = call(SYS_read, (uintptr_t)fd, (uintptr_t)text, sizeof(text) - 1);
	call(SYS_close, (uintptr_t)fd, 0, 0);
	text[n > 0 ? n : 0] = '\0';
	return (struct memory){
		.peak_kib = field(text, "VmHWM:"),
		.anon_kib = field(text, "RssAnon:"),
	};
}

__attribute__((noreturn)) static void be_the_command(int ready, char **argv, char **envp)
{
	char byte;

	call(SYS_read, (uintptr_t)ready, (uintptr_t)&byte, 1);
	call(SYS_close, (uintptr_t)ready, 0, 0);
	call(SYS_execve, (uintptr_t)argv[0], (uintptr_t)argv, (uintptr_t)envp);
	leave(127);
}

static int run(char **argv, char **envp)
{
	struct memory memory = { 0 };
	struct rusage usage;
	struct line line = { 0 };
	int ready[2], status = 0;
	uint64_t start, end;
	long pid;

	call(SYS_pipe2, (uintptr_t)ready, 0, 0);
	pid = call(SYS_clone, SIGCHLD, 0, 0);
	if (pid == 0)
		be_the_command(ready[0], argv, envp);

	call5(SYS_ptrace, PTRACE_SEIZE, (uintptr_t)pid, 0, PTRACE_O_TRACEEXIT, 0);
	start = ticks();
	call(SYS_write, (uintptr_t)ready[1], (uintptr_t)"", 1);
	for (;;) {
		int stopped_by;

		call5(SYS_wait4, (uintptr_t)pid, (uintptr_t)&status, __WALL, (uintptr_t)&usage, 0);
		end = ticks();
		if ((status & 0xff) != 0x7f)
			break;
		stopped_by = status >> 8 & 0xff;
		if (status >> 16 == PTRACE_EVENT_EXIT) {
			memory = memory_of(pid);
			/* Not the command's time. */
			start += ticks() - end;
		}
		if (status >> 16 != 0)
			stopped_by = 0;
		call5(SYS_ptrace, PTRACE_CONT, (uintptr_t)pid, 0, (uintptr_t)stopped_by, 0);
	}

	add(&line, "@@ run rc=");
	add_number(&line, (status & 0x7f) != 0 ? 128u + (status & 0x7f) : status >> 8 & 0xff);
	add(&line, " ticks=");
	add_number(&line, end - start);
	add(&line, " maxrss-kib=");
	add_number(&line, memory.peak_kib != 0 ? memory.peak_kib : (uint64_t)usage.ru_maxrss);
	add(&line, " anon-kib=");
	add_number(&line, memory.anon_kib);
	put(&line);
	return 0;
}

/* --- the other verbs --- */

static int now(void)
{
	struct line line = { 0 };

	add_number(&line, ticks());
	put(&line);
	return 0;
}

/* The tick is announced, then awaited: to print it afterwards would be part of it. */
static int reboot_kexec(void)
{
	struct line line = { 0 };
	uint64_t start = ticks() + NOTICE_TICKS;

	add(&line, "@@ reboot-tsc ");
	add_number(&line, start);
	put(&line);
	call(SYS_ioctl, STDOUT, TCSBRK, 1);
	if (ticks() > start) {
		add(&line, "stamp: the console took longer than the notice");
		put(&line);
		return 1;
	}
	while (ticks() < start)
		continue;
	call5(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, 0, 0);
	add(&line, "stamp: cannot jump: no kernel is loaded, or the kernel refused");
	put(&line);
	return 1;
}

/* --- hold --- */

enum { HELD = 4096, FROM_START = 0 };

static void add_hex(struct line *line, uint64_t value)
{
	for (int shift = 60; shift >= 0; shift -= 4) {
		char digit[2] = { "0123456789abcdef"[value >> shift & 15], '\0' };

		add(line, digit);
	}
}

/* Documentation/admin-guide/mm/pagemap.rst: the number of the page, in the low 55 bits. */
static uint64_t physical_of(uintptr_t address)
{
	static const char pagemap[] = "/proc/self/pagemap";
	uint64_t entry = 0;
	long fd = call(SYS_openat, AT_FDCWD, (uintptr_t)pagemap, 0);

	/* No pread64, which has its place in other registers on each 32-bit CPU. */
	if (fd < 0 ||
		call(SYS_lseek, (uintptr_t)fd, address / PAGE * sizeof entry, FROM_START) < 0 ||
		call(SYS_read, (uintptr_t)fd, (uintptr_t)&entry, sizeof entry) != sizeof entry)
		return 0;
	return (entry & ((UINT64_C(1) << 55) - 1)) * PAGE + address % PAGE;
}

__attribute__((noreturn)) static void hold(const char *word)
{
	static char pages[2 * HELD];
	char *page = pages + (HELD - (uintptr_t)pages % HELD) % HELD;
	struct line line = { 0 };
	size_t length = 0;

	while (word[length] != '\0')
		length++;
	for (size_t i = 0; i < HELD; i++)
		page[i] = word[i % length];
	/* What is locked stays where it is. */
	call(SYS_mlock, (uintptr_t)page, HELD, 0);
	add_hex(&line, physical_of((uintptr_t)page));
	put(&line);
	for (;;)
		call5(SYS_ppoll, 0, 0, 0, 0, 0);
}

/* --- less than root --- */

enum { NOBODY = 65534 };

static int become(char **argv, char **envp)
{
	call(SYS_execve, (uintptr_t)argv[0], (uintptr_t)argv, (uintptr_t)envp);
	return 127;
}

static int as_nobody(char **argv, char **envp)
{
	if (call(SYS_setgroups, 0, 0, 0) != 0 || call(SYS_setgid, NOBODY, 0, 0) != 0 ||
		call(SYS_setuid, NOBODY, 0, 0) != 0)
		return 126;
	return become(argv, envp);
}

/* What is not in the bounding set, an execve as root does not give. */
static int without_boot(char **argv, char **envp)
{
	if (call(SYS_prctl, PR_CAPBSET_DROP, CAP_SYS_BOOT, 0) != 0)
		return 126;
	return become(argv, envp);
}

/* A seccomp filter, for the command and its children: a system call of this number fails. */
static bool refuse(uint32_t number, uint32_t errnum)
{
	struct sock_filter filter[] = {
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr) },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, number },
		{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | errnum },
		{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW },
	};
	struct sock_fprog program = { sizeof filter / sizeof *filter, filter };

	return call(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (uintptr_t)&program) == 0;
}

static int without_calls(char **argv, char **envp)
{
#ifdef SYS_kexec_load
	if (!refuse(SYS_kexec_load, ENOSYS))
		return 126;
#endif
#ifdef SYS_kexec_file_load
	if (!refuse(SYS_kexec_file_load, ENOSYS))
		return 126;
#endif
	return become(argv, envp);
}

static int without_jump(char **argv, char **envp)
{
	return refuse(SYS_reboot, EIO) ? become(argv, envp) : 126;
}

/* --- /init --- */

static int init(uint64_t first_tick, char **envp)
{
	char *argv[] = { "sh", "/etc/saut/init", NULL, NULL };
	struct line line = { 0 };
	char number[32];
	size_t i;

	/* The newline ends whatever the firmware or the kernel left on the line. */
	add(&line, "\n@@ init-tsc ");
	add_number(&line, first_tick);
	put(&line);

	add_number(&line, first_tick);
	for (i = 0; i < line.length; i++)
		number[i] = line.text[i];
	number[i] = '\0';
	argv[2] = number;
	call(SYS_execve, (uintptr_t)"/bin/busybox", (uintptr_t)argv, (uintptr_t)envp);
	return 1;
}

void stamp_main(uint64_t first_tick, uintptr_t *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);
	char **envp = argv + argc + 1;

	if (call(SYS_getpid, 0, 0, 0) == 1)
		leave(init(first_tick, envp));
	if (argc == 2 && same(argv[1], "now"))
		leave(now());
	if (argc == 3 && same(argv[1], "hold"))
		hold(argv[2]);
	if (argc == 2 && same(argv[1], "reboot-kexec"))
		leave(reboot_kexec());
	if (argc > 2 && same(argv[1], "run"))
		leave(run(argv + 2, envp));
	if (argc > 2 && same(argv[1], "as-nobody"))
		leave(as_nobody(argv + 2, envp));
	if (argc > 2 && same(argv[1], "without-boot"))
		leave(without_boot(argv + 2, envp));
	if (argc > 2 && same(argv[1], "without-calls"))
		leave(without_calls(argv + 2, envp));
	if (argc > 2 && same(argv[1], "without-jump"))
		leave(without_jump(argv + 2, envp));
	leave(2);
}
