/// Engines as pods of a Kubernetes cluster: list, then watch, by the API server's own protocol over
/// OkHttp. What an object says is read by pure records; what of it is known, by `WatchState`.
@NullMarked
package io.penstock.pool.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
