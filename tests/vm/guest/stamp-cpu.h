/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What stamp has to know of each CPU: the first instructions, which read the counter and pass it
 * with the stack to stamp_main(); the counter; a system call; how large a page is.
 */
#pragma once

#include <stdint.h>

#if defined __x86_64__

__asm__(".globl _start\n"
	"_start:\n"
	"	rdtsc\n"
	"	shlq	$32, %rdx\n"
	"	leaq	(%rax, %rdx), %rdi\n"
	"	movq	%rsp, %rsi\n"
	"	andq	$-16, %rsp\n"
	"	call	stamp_main\n");

static long call5(long number, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d, uintptr_t e)
{
	register uintptr_t r10 __asm__("r10") = d;
	register uintptr_t r8 __asm__("r8") = e;
	long result;

	__asm__ volatile("syscall"
		: "=a"(result)
		: "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
		: "rcx", "r11", "memory");
	return result;
}

#elif defined __i386__

__asm__(".globl _start\n"
	"_start:\n"
	"	rdtsc\n"
	"	movl	%esp, %ecx\n"
	"	andl	$-16, %esp\n"
	"	subl	$4, %esp\n"
	"	pushl	%ecx\n"
	"	pushl	%edx\n"
	"	pushl	%eax\n"
	"	call	stamp_main\n");

static long call5(long number, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d, uintptr_t e)
{
	long result;

	__asm__ volatile("int $0x80"
		: "=a"(result)
		: "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
		: "memory");
	return result;
}

#elif defined __aarch64__

__asm__(".globl _start\n"
	"_start:\n"
	"	mrs	x0, cntvct_el0\n"
	"	mov	x1, sp\n"
	"	bl	stamp_main\n");

#define CALL       "svc #0"
#define NUMBER     "x8"
#define ARGUMENT_A "x0"
#define ARGUMENT_B "x1"
#define ARGUMENT_C "x2"
#define ARGUMENT_D "x3"
#define ARGUMENT_E "x4"
#define CLOBBERED  "memory"

#elif defined __arm__

__asm__(".arm\n"
	".globl _start\n"
	"_start:\n"
	"	mrrc	p15, 1, r0, r1, c14\n"
	"	mov	r2, sp\n"
	"	bic	sp, sp, #7\n"
	"	bl	stamp_main\n");

/* The compiler's own library calls it for a division by zero, which is none of ours. */
int raise(int number);

int raise(int number)
{
	return number;
}

#define CALL       "svc #0"
#define NUMBER     "r7"
#define ARGUMENT_A "r0"
#define ARGUMENT_B "r1"
#define ARGUMENT_C "r2"
#define ARGUMENT_D "r3"
#define ARGUMENT_E "r4"
#define CLOBBERED  "memory"

#elif defined __riscv

__asm__(".globl _start\n"
	"_start:\n"
	"	rdtime	a0\n"
	"	mv	a1, sp\n"
	"	andi	sp, sp, -16\n"
	"	call	stamp_main\n");

#define CALL       "ecall"
#define NUMBER     "a7"
#define ARGUMENT_A "a0"
#define ARGUMENT_B "a1"
#define ARGUMENT_C "a2"
#define ARGUMENT_D "a3"
#define ARGUMENT_E "a4"
#define CLOBBERED  "memory"

#elif defined __loongarch__

__asm__(".globl _start\n"
	"_start:\n"
	"	rdtime.d $a0, $zero\n"
	"	move	$a1, $sp\n"
	"	bstrins.d $sp, $zero, 3, 0\n"
	"	bl	stamp_main\n");

#define CALL       "syscall 0"
#define NUMBER     "$a7"
#define ARGUMENT_A "$a0"
#define ARGUMENT_B "$a1"
#define ARGUMENT_C "$a2"
#define ARGUMENT_D "$a3"
#define ARGUMENT_E "$a4"
#define CLOBBERED  "$t0", "$t1", "$t2", "$t3", "$t4", "$t5", "$t6", "$t7", "$t8", "memory"

#elif defined __powerpc64__

__asm__(".globl _start\n"
	"_start:\n"
	"	mftb	3\n"
	"	mr	4, 1\n"
	"	clrrdi	1, 1, 4\n"
	"	li	0, 0\n"
	"	stdu	0, -64(1)\n"
	"	bcl	20, 31, 1f\n"
	"1:	mflr	2\n"
	"	addis	2, 2, .TOC. - 1b@ha\n"
	"	addi	2, 2, .TOC. - 1b@l\n"
	"	bl	stamp_main\n"
	"	nop\n");

/* A failure is told by a bit of the condition register, and the number is positive. */
static long call5(long number, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d, uintptr_t e)
{
	register long r0 __asm__("r0") = number;
	register uintptr_t r3 __asm__("r3") = a;
	register uintptr_t r4 __asm__("r4") = b;
	register uintptr_t r5 __asm__("r5") = c;
	register uintptr_t r6 __asm__("r6") = d;
	register uintptr_t r7 __asm__("r7") = e;

	__asm__ volatile("sc\n\tbns+ 1f\n\tneg 3, 3\n1:"
		: "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7)
		:
		: "r8", "r9", "r10", "r11", "r12", "cr0", "ctr", "xer", "memory");
	return (long)r3;
}

#elif defined __s390x__

__asm__(".globl _start\n"
	"_start:\n"
	"	lgr	%r3, %r15\n"
	"	aghi	%r15, -168\n"
	"	stckf	160(%r15)\n"
	"	lg	%r2, 160(%r15)\n"
	"	xc	0(8, %r15), 0(%r15)\n"
	"	brasl	%r14, stamp_main\n");

#define CALL       "svc 0"
#define NUMBER     "r1"
#define ARGUMENT_A "r2"
#define ARGUMENT_B "r3"
#define ARGUMENT_C "r4"
#define ARGUMENT_D "r5"
#define ARGUMENT_E "r6"
#define CLOBBERED  "memory"

#endif

/* The size of a page, in Debian's kernels. */
#if defined __powerpc64__
enum { PAGE = 65536 };
#elif defined __loongarch__
enum { PAGE = 16384 };
#else
enum { PAGE = 4096 };
#endif

/* Where arguments and results share registers, one after the other. */
#if defined CALL
static long call5(long number, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d, uintptr_t e)
{
	register long which __asm__(NUMBER) = number;
	register uintptr_t first __asm__(ARGUMENT_A) = a;
	register uintptr_t second __asm__(ARGUMENT_B) = b;
	register uintptr_t third __asm__(ARGUMENT_C) = c;
	register uintptr_t fourth __asm__(ARGUMENT_D) = d;
	register uintptr_t fifth __asm__(ARGUMENT_E) = e;

	__asm__ volatile(CALL
		: "+r"(first)
		: "r"(which), "r"(second), "r"(third), "r"(fourth), "r"(fifth)
		: CLOBBERED);
	return (long)first;
}
#endif

static uint64_t ticks(void)
{
#if defined __x86_64__ || defined __i386__
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
#else
	uint64_t now;

#if defined __aarch64__
	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(now));
#elif defined __arm__
	__asm__ volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r"(now));
#elif defined __riscv
	__asm__ volatile("rdtime %0" : "=r"(now));
#elif defined __loongarch__
	__asm__ volatile("rdtime.d %0, $zero" : "=r"(now));
#elif defined __powerpc64__
	__asm__ volatile("mftb %0" : "=r"(now));
#elif defined __s390x__
	__asm__ volatile("stckf %0" : "=Q"(now) : : "cc");
#endif
	return now;
#endif
}
