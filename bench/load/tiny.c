/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cheapest program that can be executed: no libc, no interpreter, one
 * system call. What it does not cost cannot hide what a sensor adds.
 *
 *   gcc -O2 -static -nostdlib -o tiny tiny.c
 */
#if defined(__x86_64__)
#define EXIT_GROUP_0 "xor %%edi, %%edi\n\tmov $231, %%eax\n\tsyscall"
#elif defined(__aarch64__)
#define EXIT_GROUP_0 "mov x0, #0\n\tmov x8, #94\n\tsvc #0"
#else
#error "the load generator knows amd64 and arm64 only"
#endif

__attribute__((noreturn)) void _start(void)
{
	__asm__ volatile(EXIT_GROUP_0 ::: "memory");
	__builtin_unreachable();
}
