package io.penstock.router.responses;

import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.End;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.Started;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Place;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// Turns the records of each source topic into events for the keeper of responses, and drops those of
/// other requests and what the keeper itself has told.
final class ResponseArrivals {
    private ResponseArrivals() {}

    static ProcessorSupplier<RequestId, StoredResponse, RequestId, ResponseEvent> ofResponses() {
        return mapping((record, _) -> {
            StoredResponse response = record.value();
            if (response == null) {
                return null;
            }
            if (response.status() == ResponseStatus.DELETED) {
                return new ResponseEvent.Deleted();
            }
            return response.dispatch() == null ? null : new ResponseEvent.Submitted(response);
        });
    }

    static ProcessorSupplier<RequestId, Started, RequestId, ResponseEvent> ofStarted() {
        return mapping((record, _) -> record.value() == null
                ? null
                : new ResponseEvent.Started(record.value().at()));
    }

    static ProcessorSupplier<RequestId, byte[], RequestId, ResponseEvent> ofResults() {
        return mapping((record, at) -> {
            if (record.value() == null || AsyncKind.of(record.key()) == null) {
                return null;
            }
            return new ResponseEvent.Ended(
                    Endings.of(end(record), record.value(), new Place(at.partition(), at.offset())));
        });
    }

    /// A result that does not say so readably counts as failed, so that its request still ends.
    private static End end(Record<?, ?> result) {
        Header header = result.headers().lastHeader(Headers.END);
        try {
            return header == null || header.value() == null
                    ? End.FAILED
                    : End.parse(new String(header.value(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            return End.FAILED;
        }
    }

    private static <V> ProcessorSupplier<RequestId, V, RequestId, ResponseEvent> mapping(
            BiFunction<Record<RequestId, V>, RecordMetadata, @Nullable ResponseEvent> map) {
        return () -> new ContextualProcessor<>() {
            @Override
            public void process(Record<RequestId, V> in) {
                RecordMetadata at = context().recordMetadata().orElseThrow();
                ResponseEvent event = in.key() == null ? null : map.apply(in, at);
                if (event != null) {
                    context().forward(in.withValue(event));
                }
            }
        };
    }
}
