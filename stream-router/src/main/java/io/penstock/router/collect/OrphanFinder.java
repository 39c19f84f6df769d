package io.penstock.router.collect;

import io.penstock.payload.BlobInfo;
import io.penstock.payload.PayloadStore;
import io.penstock.router.batches.BatchesMetric;
import io.penstock.service.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Goes through the payload store, once an hour or as long as it takes, for blobs that nobody has ever
/// referred to: a crash left them between the store and the log. Each pass counts what is stored, and
/// removes what writers that died have left unfinished.
///
/// Orphans are few. Where they would be more than a crash can leave, it is the collector's own state that
/// is missing (its changelogs were deleted), and none is touched.
///
/// A store that cannot list is only swept of what was referred to once.
final class OrphanFinder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanFinder.class);
    /// Blobs looked at per turn.
    private static final int BLOBS = 1_000;
    /// Orphans taken in one pass; more take the next.
    private static final int ORPHANS = 10_000;

    private static final Duration PASS_EVERY = Duration.ofHours(1);
    /// A writer that still works writes more often, however slow its client is.
    private static final Duration LEFTOVERS_KEPT = Duration.ofDays(1);

    private final CollectPolicy policy;
    private final References references;
    private final PayloadStore payloads;
    private @Nullable Pass pass;
    private Instant next = Instant.MIN;
    private volatile double stored = Double.NaN;

    private static final class Pass {
        private final Stream<BlobInfo> list;
        private final Iterator<BlobInfo> blobs;
        private final List<BlobInfo> orphans = new ArrayList<>();
        private long count;
        private long bytes;

        Pass(Stream<BlobInfo> list) {
            this.list = list;
            this.blobs = list.iterator();
        }
    }

    OrphanFinder(CollectPolicy policy, References references, PayloadStore payloads, Metrics metrics) {
        this.policy = policy;
        this.references = references;
        this.payloads = payloads;
        metrics.gauge(BatchesMetric.BYTES_STORED, () -> stored);
    }

    void turn(Instant now) {
        try {
            if (pass == null && !now.isBefore(next)) {
                next = now.plus(PASS_EVERY);
                payloads.removeLeftovers(now.minus(LEFTOVERS_KEPT));
                pass = new Pass(payloads.list());
            }
            if (pass != null) {
                look(pass, now);
            }
        } catch (UnsupportedOperationException e) {
            next = Instant.MAX;
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("orphans in the payload store are not looked for");
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn().setCause(e).log("the payload store cannot be gone through now; trying again in an hour");
            end();
        }
    }

    private void look(Pass present, Instant now) {
        for (int i = 0; i < BLOBS && present.blobs.hasNext(); i++) {
            BlobInfo blob = present.blobs.next();
            present.count++;
            present.bytes += blob.size();
            if (present.orphans.size() < ORPHANS && isOrphan(blob, now)) {
                present.orphans.add(blob);
            }
        }
        if (!present.blobs.hasNext()) {
            stored = (double) present.bytes;
            condemn(present, now);
            end();
        }
    }

    private void condemn(Pass passed, Instant now) {
        int orphans = passed.orphans.size();
        if (!CollectPolicy.isPlausible(orphans, passed.count)) {
            LOG.atError()
                    .addKeyValue("orphans", orphans)
                    .addKeyValue("blobs", passed.count)
                    .log("too many blobs seem to be nobody's; none is removed, the collector's state must be"
                            + " incomplete");
            return;
        }
        passed.orphans.stream()
                .filter(blob -> isOrphan(blob, now))
                .forEach(blob -> references.condemn(blob.id().value(), blob.size(), now));
    }

    private boolean isOrphan(BlobInfo blob, Instant now) {
        String id = blob.id().value();
        return policy.mayBeOrphan(blob, now) && !references.isHeld(id) && !references.isCondemned(id);
    }

    private void end() {
        if (pass != null) {
            pass.list.close();
            pass = null;
        }
    }

    @Override
    public void close() {
        end();
        stored = Double.NaN;
    }
}
