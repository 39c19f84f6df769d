package io.penstock.ingest.webhooks;

import io.penstock.ingest.webhooks.http.Reach;
import io.penstock.ingest.webhooks.policy.RetrySchedule;
import java.time.Duration;

/// How webhooks run: what seals signing secrets, which addresses may be endpoints, and the bounds.
public record WebhooksConfig(SecretBox secrets, Reach reach, Limits limits) {
    /// Bounds of webhooks: when a delivery is tried and how long each attempt may take; attempts that run
    /// at a time in this process, and of these at one endpoint; deliveries that wait in this process;
    /// endpoints of one tenant.
    public record Limits(
            RetrySchedule schedule,
            Duration timeout,
            int concurrencyMax,
            int endpointConcurrencyMax,
            int pendingMax,
            int endpointsMax) {
        public static final Limits DEFAULT =
                new Limits(RetrySchedule.STANDARD, Duration.ofSeconds(15), 64, 4, 100_000, 100);

        public Limits {
            if (!timeout.isPositive() || Math.min(concurrencyMax, endpointConcurrencyMax) < 1) {
                throw new IllegalArgumentException("timeout and concurrency of webhooks must be above 0, but were "
                        + timeout + ", " + concurrencyMax + " and " + endpointConcurrencyMax);
            }
            if (Math.min(pendingMax, endpointsMax) < 1) {
                throw new IllegalArgumentException("pending deliveries and endpoints must be allowed, but at most "
                        + pendingMax + " and " + endpointsMax + " are");
            }
        }
    }
}
