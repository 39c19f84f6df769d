package io.penstock.router.batches;

import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Hold;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Everything this application writes to topics.
final class Outbox {
    static final String BATCHES_SINK = "batches-sink";
    static final String FILES_SINK = "files-sink";
    static final String HOLDS_SINK = "holds-sink";

    private final ProcessorContext<Object, Object> context;

    Outbox(ProcessorContext<Object, Object> context) {
        this.context = context;
    }

    static String requestsSink(Band band) {
        return "requests-" + band.wireName() + "-sink";
    }

    void announce(Batch batch, Instant now) {
        context.forward(new Record<>(batch.id(), batch, now.toEpochMilli()), BATCHES_SINK);
    }

    void publish(StoredFile file, Instant now) {
        context.forward(new Record<>(file.id(), file, now.toEpochMilli()), FILES_SINK);
    }

    /// Says that `part` of a batch needs these segments.
    void hold(BatchId batch, String part, List<Segment> segments) {
        hold(Hold.key(batch, part), new Hold(segments));
    }

    /// Says that `part` of a batch needs its segments no longer.
    void release(BatchId batch, String part) {
        hold(Hold.key(batch, part), null);
    }

    private void hold(String key, @Nullable Hold hold) {
        context.forward(new Record<>(key, hold, context.currentSystemTimeMs()), HOLDS_SINK);
    }

    /// Puts `line`, a reference line, on the topic of `band`, with all that its batch says of it by now.
    void request(RequestId id, Band band, Batch batch, byte[] line, Instant now) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(Headers.REQUEST_ID, utf8(id.value()));
        headers.add(Headers.TENANT, utf8(batch.submission().tenant().value()));
        headers.add(Headers.OBJECTIVE.getFirst(), utf8(batch.objective().value()));
        headers.add(Headers.DEADLINE_MS, utf8(Long.toString(batch.deadline().toEpochMilli())));
        context.forward(new Record<>(utf8(id.value()), line, now.toEpochMilli(), headers), requestsSink(band));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
