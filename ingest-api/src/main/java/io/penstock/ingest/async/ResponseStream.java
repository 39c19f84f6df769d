package io.penstock.ingest.async;

import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.view.Watch;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Sends a background response as a stream of events, from any of them on, and waits for those that
/// are still to come. A comment says that it lives while nothing happens. It ends with the last event,
/// when the response is deleted, when the client leaves, or when it has lasted as long as it may; the
/// client then goes on behind the last number it has got, at any replica.
final class ResponseStream {
    private static final byte[] ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

    private final StoredParts parts;
    private final AsyncPolicy policy;

    ResponseStream(StoredParts parts, AsyncPolicy policy) {
        this.parts = parts;
        this.policy = policy;
    }

    /// Answers the exchange with the events of `response` whose number is above `after`.
    void send(Exchange exchange, StoredResponse response, long after) throws IOException {
        try (Watch watch = parts.responses().watch(response.id())) {
            exchange.onGone(watch::close);
            List<StreamEvent> opening = EventSequence.opening(parts.unanswered(response, ResponseStatus.QUEUED));
            exchange.header("Cache-Control", "no-cache");
            exchange.header("X-Accel-Buffering", "no");
            try (OutputStream out = exchange.stream(200, "text/event-stream; charset=utf-8")) {
                new Course(out, watch, after).run(response, opening);
            }
        }
    }

    /// One stream on its way.
    private final class Course {
        private final OutputStream out;
        private final Watch watch;
        private final long endNanos = System.nanoTime() + policy.streamMax().toNanos();
        private long sent;

        private Course(OutputStream out, Watch watch, long after) {
            this.out = out;
            this.watch = watch;
            this.sent = after;
        }

        private void run(StoredResponse first, List<StreamEvent> opening) throws IOException {
            write(opening);
            StoredResponse now = first;
            while (!over(now)) {
                StoredResponse next = parts.responses().find(first.id());
                if (next == null) {
                    return;
                }
                now = next;
                if (now.status() != ResponseStatus.QUEUED && now.status() != ResponseStatus.DELETED) {
                    begun(now);
                }
                if (!now.status().isFinal() && !watch.await(patience())) {
                    out.write(ALIVE);
                }
            }
            if (now.status().isFinal() && now.status() != ResponseStatus.DELETED) {
                begun(now);
                write(EventSequence.rest((ObjectNode) JsonMapper.shared().readTree(parts.object(now))));
            }
        }

        private boolean over(StoredResponse now) {
            return now.status().isFinal() || watch.isClosed() || System.nanoTime() - endNanos >= 0;
        }

        private Duration patience() {
            long left = Math.max(1, endNanos - System.nanoTime());
            return left < policy.heartbeat().toNanos() ? Duration.ofNanos(left) : policy.heartbeat();
        }

        private void begun(StoredResponse now) throws IOException {
            if (sent < EventSequence.BEGUN) {
                write(List.of(EventSequence.begun(parts.unanswered(now, ResponseStatus.IN_PROGRESS))));
            }
        }

        private void write(List<StreamEvent> events) throws IOException {
            for (StreamEvent event : events) {
                if (event.number() > sent) {
                    out.write(event.bytes());
                    sent = event.number();
                }
            }
        }
    }
}
