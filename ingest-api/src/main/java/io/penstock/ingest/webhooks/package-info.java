/// Webhooks: events told to tenants' endpoints, at least once, under ids that stay the same. {@code
/// Webhooks} wires it; {@code EventFanOut} makes deliveries of events, {@code Deliverer} sends them.
@NullMarked
package io.penstock.ingest.webhooks;

import org.jspecify.annotations.NullMarked;
