/// Requests whose answer is asked for later: which are accepted, how far each is, how long its answer
/// is kept. Part of the batches application, which reads the same results. The decisions are
/// `ResponseLifecycle`'s and `Endings`'; the rest is Kafka and files.
@NullMarked
package io.penstock.router.responses;

import org.jspecify.annotations.NullMarked;
