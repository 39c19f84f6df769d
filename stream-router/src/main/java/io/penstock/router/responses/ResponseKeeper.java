package io.penstock.router.responses;

import io.penstock.payload.BlobId;
import io.penstock.payload.PayloadStore;
import io.penstock.service.Metrics;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.Hold;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.StoredResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the responses of one task: lets each event happen to its row, does what the decision asks for,
/// and looks once a second at what is due, 1,000 entries at most. Inputs are removed there; one that the payload store
/// cannot remove now is tried again in a minute.
final class ResponseKeeper implements Processor<RequestId, ResponseEvent, Object, Object> {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseKeeper.class);
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final Duration STORE_PATIENCE = Duration.ofMinutes(1);
    private static final int ENTRIES_MAX = 1_000;

    private final ResponseLifecycle lifecycle;
    private final PayloadStore payloads;
    private final Metrics metrics;
    private @Nullable Task task;

    ResponseKeeper(Duration kept, PayloadStore payloads, Metrics metrics) {
        this.lifecycle = new ResponseLifecycle(kept);
        this.payloads = payloads;
        this.metrics = metrics;
    }

    /// What lives as long as the task is assigned here.
    private record Task(
            ProcessorContext<Object, Object> context, KeyValueStore<RequestId, StoredResponse> rows, DueIndex due) {}

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        task = new Task(
                context,
                context.getStateStore(ResponsesTopology.ROWS),
                new DueIndex(context.getStateStore(ResponsesTopology.DUE)));
        context.schedule(TURN, PunctuationType.WALL_CLOCK_TIME, now -> turn(Instant.ofEpochMilli(now)));
    }

    @Override
    public void process(Record<RequestId, ResponseEvent> arrived) {
        happened(
                arrived.key(),
                arrived.value(),
                Instant.ofEpochMilli(task().context().currentSystemTimeMs()));
    }

    private void turn(Instant now) {
        for (DueIndex.Entry entry : task().due().due(now, ENTRIES_MAX)) {
            task().due().remove(entry);
            switch (entry.kind()) {
                case LOOK -> happened(new RequestId(entry.target()), new ResponseEvent.Due(), now);
                case DISCARD -> discard(entry.target(), now);
            }
        }
    }

    private void happened(RequestId id, ResponseEvent event, Instant now) {
        StoredResponse row = task().rows().get(id);
        ResponseStep step = lifecycle.decide(row, event, now);
        if (step.row() == null) {
            if (row != null) {
                task().rows().delete(id);
            }
        } else if (!step.row().equals(row)) {
            task().rows().put(id, step.row());
            count(row, step.row());
        }
        hold(id, row, step.row(), now);
        for (ResponseEffect effect : step.effects()) {
            carryOut(effect, id, step.row(), now);
        }
    }

    /// The collector of dead blobs leaves alone what a row still has as its input.
    private void hold(RequestId id, @Nullable StoredResponse before, @Nullable StoredResponse after, Instant now) {
        Hold held = input(before);
        Hold holds = input(after);
        if (!Objects.equals(held, holds)) {
            task().context()
                    .forward(new Record<>(Hold.key(id), holds, now.toEpochMilli()), ResponsesTopology.HOLDS_SINK);
        }
    }

    private static @Nullable Hold input(@Nullable StoredResponse row) {
        if (row == null || row.input() == null) {
            return null;
        }
        BodyRef body = row.input().body();
        BodyRef shell = row.input().shell();
        long end = body.offset() + body.lengthBytes();
        long bytes = shell == null ? end : Math.max(end, shell.offset() + shell.lengthBytes());
        return new Hold(List.of(new Segment(body.blob(), bytes)));
    }

    private void count(@Nullable StoredResponse before, StoredResponse after) {
        boolean ended = after.status().isFinal() && (before == null || before.status() != after.status());
        if (ended) {
            metrics.count(ResponsesMetric.ENDED, after.status().wireName());
        }
    }

    private void carryOut(ResponseEffect effect, RequestId id, @Nullable StoredResponse row, Instant now) {
        switch (effect) {
            case ResponseEffect.Announce() -> tell(id, Objects.requireNonNull(row, "a row is told"), now);
            case ResponseEffect.Retract() -> tell(id, null, now);
            case ResponseEffect.Send(StoredResponse.Dispatch dispatch) -> send(id, dispatch, now);
            case ResponseEffect.Discard(String blob) -> task().due().discard(blob, now);
            case ResponseEffect.LookAt(Instant at) -> task().due().look(id, at);
        }
    }

    private void tell(RequestId id, @Nullable StoredResponse row, Instant now) {
        task().context().forward(new Record<>(id, row, now.toEpochMilli()), ResponsesTopology.SINK);
    }

    private void send(RequestId id, StoredResponse.Dispatch dispatch, Instant now) {
        RecordHeaders headers = new RecordHeaders();
        dispatch.headers().forEach((name, value) -> headers.add(name, utf8(value)));
        task().context()
                .forward(
                        new Record<>(utf8(id.value()), utf8(dispatch.line()), now.toEpochMilli(), headers),
                        ResponsesTopology.requestsSink(dispatch.band()));
    }

    private void discard(String blob, Instant now) {
        try {
            payloads.delete(new BlobId(blob));
        } catch (IOException e) {
            task().due().discard(blob, now.plus(STORE_PATIENCE));
            LOG.atWarn()
                    .addKeyValue("blob", blob)
                    .addKeyValue("reason", e.getMessage())
                    .log("an input cannot be removed from the payload store; trying again in a minute");
        }
    }

    private Task task() {
        return Objects.requireNonNull(task, "the task is set by init");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
