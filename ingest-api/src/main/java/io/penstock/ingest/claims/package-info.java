/// One object for each idempotency key, however many replicas are asked at once: decided by the order of claims
/// on the log.
@NullMarked
package io.penstock.ingest.claims;

import org.jspecify.annotations.NullMarked;
