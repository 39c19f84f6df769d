/// What webhooks decide, without Kafka, HTTP or a clock: which event a record is, how it is signed, when
/// a delivery is tried again and when it is given up.
@NullMarked
package io.penstock.ingest.webhooks.policy;

import org.jspecify.annotations.NullMarked;
