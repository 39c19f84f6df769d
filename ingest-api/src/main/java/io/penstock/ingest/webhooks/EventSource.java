package io.penstock.ingest.webhooks;

import io.penstock.ingest.webhooks.policy.BatchEvents;
import io.penstock.ingest.webhooks.policy.ResponseEvents;
import io.penstock.ingest.webhooks.policy.WebhookEvent;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.StoredResponse;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// A topic whose records tell of events, of which `types` are all there are; most records tell of none.
public record EventSource<V>(Topic<?, V> topic, List<String> types, Function<V, @Nullable WebhookEvent> events) {
    public EventSource {
        types = List.copyOf(types);
    }

    /// Every source there is.
    public static List<EventSource<?>> all(Topics topics) {
        return List.of(
                new EventSource<Batch>(topics.batches(), BatchEvents.TYPES, BatchEvents::of),
                new EventSource<StoredResponse>(topics.responses(), ResponseEvents.TYPES, ResponseEvents::of));
    }

    /// The event the record's value tells of, null for none.
    ///
    /// @throws SerializationException if it cannot be read
    @Nullable
    WebhookEvent event(byte @Nullable [] value) {
        V read = value == null ? null : topic.value().deserializer().deserialize(topic.name(), value);
        return read == null ? null : events.apply(read);
    }
}
