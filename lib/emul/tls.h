/* SPDX-License-Identifier: MIT */
/*
 * What each thread has for itself. glibc allocates a library's thread-local memory at first use
 * unless told otherwise, which no signal handler and no malloc() could stand; with musl it is
 * always there, and the other model is not allowed.
 */
#ifndef MYNUMA_EMUL_TLS_H
#define MYNUMA_EMUL_TLS_H

#include <features.h>

#ifdef __GLIBC__
#define EMUL_TLS __thread __attribute__((tls_model("initial-exec")))
#else
#define EMUL_TLS __thread
#endif

#endif
