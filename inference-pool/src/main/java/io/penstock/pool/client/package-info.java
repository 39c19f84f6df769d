/// HTTP to an engine: one call at a time, cancelled for real. OkHttp is known here and, for the Kubernetes
/// API, in `discovery.kubernetes`.
@NullMarked
package io.penstock.pool.client;

import org.jspecify.annotations.NullMarked;
