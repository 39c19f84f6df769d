package io.penstock.ingest.batches;

import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.Listening;
import io.penstock.service.Metrics;
import io.penstock.service.Service;
import io.penstock.topics.id.BatchId;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The answers that go on while a batch does. Each waits for changes of its batch, without asking; all of them
/// end when the server stops, so that it need not wait for them.
public final class LiveAnswers implements Service {
    private static final int BODY_BYTES_MAX = 1024;

    private final Catalogues catalogues;
    private final LiveLimits limits;
    private final Semaphore free;
    private final Set<Live> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public LiveAnswers(Catalogues catalogues, LiveLimits limits, Metrics metrics) {
        this.catalogues = catalogues;
        this.limits = limits;
        this.free = new Semaphore(limits.openMax());
        metrics.gauge(IngestMetric.LIVE, open::size);
    }

    /// Why a wait ended.
    enum Wake {
        /// The batch or its files may have changed.
        CHANGED,
        /// Nothing happened for as long as a client is left without a sign of life.
        QUIET,
        /// The client has left, the server stops, or the answer has taken as long as one may.
        OVER
    }

    /// Begins an answer about `batch` that goes on with it; to be closed.
    ///
    /// @throws ApiException 503 if too many are open
    Live open(Exchange exchange, BatchId batch) throws IOException {
        exchange.body(BODY_BYTES_MAX, "1 KiB, fixed"); // only then can the client's leaving be seen
        if (!free.tryAcquire()) {
            throw new ApiException(
                    ErrorKind.OVERLOADED,
                    limits.openMax() + " answers that follow a batch are open (setting batches.live.max);"
                            + " please try again.");
        }
        Live live = new Live(batch);
        open.add(live);
        exchange.onGone(live::end);
        if (closed) {
            live.end();
        }
        return live;
    }

    @Override
    public String name() {
        return "live answers";
    }

    @Override
    public void start() {
        // Answers come with their exchanges.
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(Live::end);
    }

    /// One answer that goes on.
    final class Live implements AutoCloseable {
        private final Semaphore changes = new Semaphore(0);
        private final CountDownLatch over = new CountDownLatch(1);
        private final long endNanos = System.nanoTime() + limits.longest().toNanos();
        private final Listening listening;

        private Live(BatchId batch) {
            listening = catalogues.listen(batch, changes::release);
        }

        /// Waits for a change since the last wait, as long as a client is left without a sign of life.
        Wake await() throws IOException {
            try {
                long nanos = Math.min(limits.heartbeat().toNanos(), endNanos - System.nanoTime());
                boolean changed = changes.tryAcquire(Math.max(0, nanos), TimeUnit.NANOSECONDS);
                changes.drainPermits();
                if (over.getCount() == 0 || System.nanoTime() - endNanos >= 0) {
                    return Wake.OVER;
                }
                return changed ? Wake.CHANGED : Wake.QUIET;
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }

        /// Lets `time` pass, unless it is over before.
        void rest(Duration time) throws IOException {
            try {
                boolean _ = over.await(time.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }

        private IOException interrupted(InterruptedException e) {
            Thread.currentThread().interrupt();
            return new IOException("interrupted while following a batch", e);
        }

        private void end() {
            over.countDown();
            changes.release();
        }

        @Override
        public void close() {
            listening.close();
            if (open.remove(this)) {
                free.release();
            }
        }
    }
}
