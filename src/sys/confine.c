/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Elsewhere it is a plain number; here it has the size of a structure that is not the C library's of this name. */
#if defined __powerpc64__
#undef TCGETS
#define TCGETS 0x402c7413
#endif

/* The numbers of another architecture's system calls mean others. */
#if defined __x86_64__
#define OUR_CALLS AUDIT_ARCH_X86_64
#elif defined __i386__
#define OUR_CALLS AUDIT_ARCH_I386
#elif defined __aarch64__
#define OUR_CALLS AUDIT_ARCH_AARCH64
#elif defined __arm__
#define OUR_CALLS AUDIT_ARCH_ARM
#elif defined __riscv && __riscv_xlen == 64
#define OUR_CALLS AUDIT_ARCH_RISCV64
#elif defined __loongarch64
#define OUR_CALLS (258 | __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE)
#elif defined __powerpc64__ && defined __LITTLE_ENDIAN__
#define OUR_CALLS AUDIT_ARCH_PPC64LE
#elif defined __s390x__
#define OUR_CALLS AUDIT_ARCH_S390X
#else
#error of which architecture are these system calls
#endif

/* The low half of an argument; whatever is looked at here lies in it. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ && __SIZEOF_POINTER__ == 8
enum { LOW_HALF = 4 };
#else
enum { LOW_HALF = 0 };
#endif

enum {
	TO_WRITE = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY),
	ALL = -1,
};

/* A system call that may be made: with any arguments, without these bits of one, or where it is this value. */
struct permitted {
	uint32_t call;
	enum { ANYHOW, WITHOUT, WHERE } kind;
	uint32_t argument;
	uint32_t value;
};

/* clang-format off */
static const struct permitted permitted[] = {
	/* What is read. */
	{ SYS_openat, WITHOUT, 2, TO_WRITE },
	{ SYS_openat2, ANYHOW, 0, 0 }, /* its flags lie in memory: Landlock looks at them */
#ifdef SYS_open
	{ SYS_open, WITHOUT, 1, TO_WRITE },
	{ SYS_access, ANYHOW, 0, 0 }, { SYS_readlink, ANYHOW, 0, 0 },
	{ SYS_stat, ANYHOW, 0, 0 }, { SYS_lstat, ANYHOW, 0, 0 },
#endif
	{ SYS_close, ANYHOW, 0, 0 }, { SYS_read, ANYHOW, 0, 0 }, { SYS_readv, ANYHOW, 0, 0 },
	{ SYS_pread64, ANYHOW, 0, 0 }, { SYS_lseek, ANYHOW, 0, 0 },
	{ SYS_statx, ANYHOW, 0, 0 }, { SYS_getdents64, ANYHOW, 0, 0 },
	{ SYS_readlinkat, ANYHOW, 0, 0 }, { SYS_faccessat, ANYHOW, 0, 0 },
	{ SYS_statfs, ANYHOW, 0, 0 }, { SYS_fstatfs, ANYHOW, 0, 0 },
	{ SYS_getcwd, ANYHOW, 0, 0 },
#ifdef SYS_fstat
	{ SYS_fstat, ANYHOW, 0, 0 },
#endif
#ifdef SYS_newfstatat
	{ SYS_newfstatat, ANYHOW, 0, 0 },
#endif
#ifdef SYS_faccessat2
	{ SYS_faccessat2, ANYHOW, 0, 0 },
#endif
#ifdef SYS_fadvise64
	{ SYS_fadvise64, ANYHOW, 0, 0 },
#endif
#ifdef SYS__llseek
	{ SYS__llseek, ANYHOW, 0, 0 }, { SYS_ugetrlimit, ANYHOW, 0, 0 },
#endif
#ifdef SYS_stat64
	{ SYS_stat64, ANYHOW, 0, 0 },
	{ SYS_lstat64, ANYHOW, 0, 0 }, { SYS_fstat64, ANYHOW, 0, 0 },
	{ SYS_fstatat64, ANYHOW, 0, 0 }, { SYS_statfs64, ANYHOW, 0, 0 },
	{ SYS_fstatfs64, ANYHOW, 0, 0 }, { SYS_fcntl64, ANYHOW, 0, 0 },
	{ SYS_clock_gettime64, ANYHOW, 0, 0 },
	{ SYS_ftruncate64, ANYHOW, 0, 0 },
	{ SYS_getuid32, ANYHOW, 0, 0 }, { SYS_geteuid32, ANYHOW, 0, 0 },
	{ SYS_getgid32, ANYHOW, 0, 0 }, { SYS_getegid32, ANYHOW, 0, 0 },
#endif
	{ SYS_fcntl, ANYHOW, 0, 0 },
	{ SYS_ioctl, WHERE, 1, TCGETS }, { SYS_ioctl, WHERE, 1, TIOCGWINSZ },
	{ SYS_ioctl, WHERE, 1, BLKGETSIZE64 }, { SYS_ioctl, WHERE, 1, BLKSSZGET },
	{ SYS_ioctl, WHERE, 1, BLKIOMIN }, { SYS_ioctl, WHERE, 1, BLKIOOPT },

	/* What is printed. */
	{ SYS_write, ANYHOW, 0, 0 }, { SYS_writev, ANYHOW, 0, 0 },

	/* Memory, none of which is run, and files that are only there. */
	{ SYS_memfd_create, ANYHOW, 0, 0 }, { SYS_ftruncate, ANYHOW, 0, 0 },
	{ SYS_brk, ANYHOW, 0, 0 }, { SYS_munmap, ANYHOW, 0, 0 }, { SYS_mremap, ANYHOW, 0, 0 },
	{ SYS_madvise, ANYHOW, 0, 0 }, { SYS_mprotect, WITHOUT, 2, PROT_EXEC },
#ifdef SYS_mmap2
	{ SYS_mmap2, WITHOUT, 2, PROT_EXEC },
#endif
#ifdef SYS_mmap
	{ SYS_mmap, WITHOUT, 2, PROT_EXEC },
#endif

	/* The process itself: who and where it is, what time it is, its signals' handlers, its end. */
	{ SYS_exit, ANYHOW, 0, 0 }, { SYS_exit_group, ANYHOW, 0, 0 },
	{ SYS_rt_sigaction, ANYHOW, 0, 0 }, { SYS_rt_sigprocmask, ANYHOW, 0, 0 },
	{ SYS_sigaltstack, ANYHOW, 0, 0 }, { SYS_rt_sigreturn, ANYHOW, 0, 0 }, { SYS_restart_syscall, ANYHOW, 0, 0 },
	{ SYS_futex, ANYHOW, 0, 0 }, { SYS_getrandom, ANYHOW, 0, 0 },
	{ SYS_clock_gettime, ANYHOW, 0, 0 }, { SYS_gettimeofday, ANYHOW, 0, 0 },
#ifdef SYS_time
	{ SYS_time, ANYHOW, 0, 0 },
#endif
	{ SYS_getuid, ANYHOW, 0, 0 }, { SYS_geteuid, ANYHOW, 0, 0 },
	{ SYS_getgid, ANYHOW, 0, 0 }, { SYS_getegid, ANYHOW, 0, 0 },
	{ SYS_getpid, ANYHOW, 0, 0 }, { SYS_gettid, ANYHOW, 0, 0 },
	{ SYS_uname, ANYHOW, 0, 0 }, { SYS_sysinfo, ANYHOW, 0, 0 },
	{ SYS_sched_getaffinity, ANYHOW, 0, 0 },
	{ SYS_prlimit64, WITHOUT, 0, (uint32_t)ALL }, /* of no other process */
#ifdef SYS_getrlimit
	{ SYS_getrlimit, ANYHOW, 0, 0 },
#endif
};
/* clang-format on */

enum {
	COUNT = sizeof permitted / sizeof *permitted,
	ROW_MAX = 5, /* instructions */
	RULES_MAX = 4 + ROW_MAX * COUNT + 1,
};

struct rules {
	struct sock_filter all[RULES_MAX];
	unsigned short n;
};

static void put(struct rules *r, struct sock_filter rule)
{
	r->all[r->n++] = rule;
}

static void load(struct rules *r, size_t offset)
{
	put(r, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void answer(struct rules *r, uint32_t what)
{
	put(r, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, what));
}

/* The next instructions of this number are for this value alone. */
static void only(struct rules *r, uint32_t value, uint8_t skipped)
{
	put(r, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped));
}

/* In the accumulator is the number of the call, before and after it. */
static void permit(struct rules *r, const struct permitted *p)
{
	const size_t argument =
		offsetof(struct seccomp_data, args) + 8 * p->argument + (size_t)LOW_HALF;

	switch (p->kind) {
	case ANYHOW:
		only(r, p->call, 1);
		answer(r, SECCOMP_RET_ALLOW);
		return;
	case WITHOUT:
		only(r, p->call, 4);
		load(r, argument);
		put(r, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, p->value, 0, 1));
		answer(r, SECCOMP_RET_ERRNO | EPERM);
		answer(r, SECCOMP_RET_ALLOW);
		return;
	case WHERE:
		only(r, p->call, 4);
		load(r, argument);
		only(r, p->value, 1);
		answer(r, SECCOMP_RET_ALLOW);
		load(r, offsetof(struct seccomp_data, nr));
		return;
	}
}

/* ENOSYS, as of a kernel that is older than the C library: this one then takes what there was before. */
static void make_rules(struct rules *r)
{
	r->n = 0;
	load(r, offsetof(struct seccomp_data, arch));
	put(r, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_CALLS, 1, 0));
	answer(r, SECCOMP_RET_KILL_PROCESS);
	load(r, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < COUNT; i++)
		permit(r, &permitted[i]);
	answer(r, SECCOMP_RET_ERRNO | ENOSYS);
}

/*
 * Linux before 5.16 takes whoever has a filter for somebody whose speculation must be held back, by which all that is
 * unpacked would take longer.
 */
static bool forbid_calls(void)
{
	struct rules rules;
	struct sock_fprog program = { .filter = rules.all };

	make_rules(&rules);
	program.len = rules.n;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
		       &program) == 0 ||
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

/* Of the rules of its first version, which every kernel with Landlock has: all but reading. */
static bool forbid_writing(void)
{
	const struct landlock_ruleset_attr handled = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
			LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
			LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
			LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
			LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
			LANDLOCK_ACCESS_FS_MAKE_SYM,
	};
	const int none_permitted = (int)syscall(
		SYS_landlock_create_ruleset, &handled, sizeof handled.handled_access_fs, 0);
	bool done;

	if (none_permitted < 0)
		return false;
	done = syscall(SYS_landlock_restrict_self, none_permitted, 0) == 0;
	close(none_permitted);
	return done;
}

bool confine_to_looking(void)
{
	bool writes_nothing;

	/* Nothing is run that could gain rights, which the calls below demand. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	writes_nothing = forbid_writing();
	return forbid_calls() && writes_nothing;
}
