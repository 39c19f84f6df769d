package io.penstock.router.batches;

import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.catalogue.Json;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Usage;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// Turns the records of each source topic into arrivals for the owner of a batch, and drops what
/// concerns no batch.
final class Arrivals {
    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

    private Arrivals() {}

    static ProcessorSupplier<BatchId, Batch, BatchId, Arrival> ofBatches() {
        return mapping(batch -> batch.value() == null ? null : batch.withValue(new Arrival.Announced(batch.value())));
    }

    static ProcessorSupplier<String, Control, BatchId, Arrival> ofControl() {
        return mapping(record -> {
            Control control = record.value();
            return control != null && control.target() instanceof Control.OneBatch(BatchId batch)
                    ? record.withKey(batch).withValue(new Arrival.Commanded(control))
                    : null;
        });
    }

    static ProcessorSupplier<RequestId, byte[], BatchId, Arrival> ofResults() {
        return mapping(result -> {
            BatchId batch = result.key() == null ? null : result.key().batch();
            return batch == null || result.value() == null
                    ? null
                    : result.withKey(batch)
                            .withValue(
                                    new Arrival.Ended(result.key().line(), end(result), usage(result), result.value()));
        });
    }

    /// How the line ended. A result that does not say so readably counts as failed, so that its batch
    /// still ends.
    private static End end(Record<RequestId, byte[]> result) {
        String end = header(result, Headers.END);
        try {
            return End.parse(end == null ? "" : end);
        } catch (IllegalArgumentException e) {
            LOG.atWarn().addKeyValue("request", result.key()).log("result without a readable end is counted as failed");
            return End.FAILED;
        }
    }

    private static Usage usage(Record<RequestId, byte[]> result) {
        String usage = header(result, Headers.USAGE);
        try {
            return usage == null ? Usage.NONE : Json.MAPPER.readValue(usage, Usage.class);
        } catch (JacksonException e) {
            LOG.atWarn().addKeyValue("request", result.key()).log("usage of a result is unreadable, counted as none");
            return Usage.NONE;
        }
    }

    private static @Nullable String header(Record<?, ?> result, String name) {
        Header header = result.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static <K, V> ProcessorSupplier<K, V, BatchId, Arrival> mapping(
            Function<Record<K, V>, @Nullable Record<BatchId, Arrival>> map) {
        return () -> new ContextualProcessor<>() {
            @Override
            public void process(Record<K, V> in) {
                Record<BatchId, Arrival> arrival = map.apply(in);
                if (arrival != null) {
                    context().forward(arrival);
                }
            }
        };
    }
}
