/// Reads what engines say about themselves in Prometheus text.
@NullMarked
package io.penstock.pool.metrics;

import org.jspecify.annotations.NullMarked;
