/* SPDX-License-Identifier: MIT */
/* MYNUMA_TRACE: operations that pass each call on and write it down. */
#ifndef MYNUMA_BACKEND_TRACE_H
#define MYNUMA_BACKEND_TRACE_H

#include "backend/backend.h"

/*
 * `ops` itself when MYNUMA_TRACE is not set; else operations that do what these do and append a
 * line to that file for each call. A file that cannot be written is told on stderr, once, and
 * nothing is traced.
 */
const struct backend_ops *trace_ops(const struct backend_ops *ops);

/* What trace_ops() was given for these. */
const struct backend_ops *trace_inner(const struct backend_ops *ops);

#endif
