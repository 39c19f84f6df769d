package io.penstock.router.tag;

import io.penstock.router.image.RewritesImage;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Admission;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.rewrite.Rewrites;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The tag step's Kafka shell.
///
/// It dates the tagged record now, not at its acceptance: Streams takes the oldest record of its
/// partitions first, and age must decide in the lanes, not there.
public final class TagProcessor implements Processor<byte[], byte[], Object, Envelope<Admission>> {
    /// The global stores of models and objectives.
    public static final String MODELS_STORE = "models";
    /// The global store of objectives.
    public static final String OBJECTIVES_STORE = "objectives";

    private final Map<String, Band> bandOfTopic;
    private final TagPolicy policy;
    private final RewritesImage rewrites;
    private final Sinks sinks;
    private @Nullable ProcessorContext<Object, Envelope<Admission>> context;
    private @Nullable Tagger tagger;

    /// The nodes it forwards to: `PoolName → admission` where the id is Penstock's own, `RequestId →
    /// admission` where the sender chose it.
    public record Sinks(String admitted, String tagged) {}

    /// A tag step for the given topics.
    public TagProcessor(Map<String, Band> bandOfTopic, TagPolicy policy, RewritesImage rewrites, Sinks sinks) {
        this.bandOfTopic = Map.copyOf(bandOfTopic);
        this.policy = policy;
        this.rewrites = rewrites;
        this.sinks = sinks;
    }

    @Override
    public void init(ProcessorContext<Object, Envelope<Admission>> taskContext) {
        context = taskContext;
        KeyValueStore<ModelName, ServedModel> models = taskContext.getStateStore(MODELS_STORE);
        KeyValueStore<ObjectiveName, Objective> objectives = taskContext.getStateStore(OBJECTIVES_STORE);
        tagger = new Tagger(new StoredCatalog(models, objectives, rewrites.reader(taskContext)), policy);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        ProcessorContext<Object, Envelope<Admission>> open =
                Objects.requireNonNull(context, "the context is set by init");
        RecordMetadata place = open.recordMetadata().orElseThrow();
        Instant now = Instant.ofEpochMilli(open.currentSystemTimeMs());
        Arrival arrival = new Arrival(
                new Arrival.Place(place.topic(), place.partition(), place.offset()),
                Objects.requireNonNull(bandOfTopic.get(place.topic()), "every source topic has a band"),
                Instant.ofEpochMilli(Math.clamp(record.timestamp(), 0, now.toEpochMilli())),
                name -> last(record, name),
                record.value());
        Envelope<Admission> tagged =
                Objects.requireNonNull(tagger, "the tagger is made by init").tag(arrival);
        Admission admission = tagged.meta();
        if (arrival.choseId(admission.id())) {
            open.forward(new Record<>(admission.id(), tagged, now.toEpochMilli()), sinks.tagged());
        } else {
            open.forward(new Record<>(Tagger.poolOf(admission), tagged, now.toEpochMilli()), sinks.admitted());
        }
    }

    private static byte @Nullable [] last(Record<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }

    private record StoredCatalog(
            KeyValueStore<ModelName, ServedModel> models,
            KeyValueStore<ObjectiveName, Objective> objectives,
            Supplier<Rewrites> current)
            implements Catalog {
        @Override
        public @Nullable ServedModel model(ModelName name) {
            return models.get(name);
        }

        @Override
        public @Nullable Objective objective(ObjectiveName name) {
            return objectives.get(name);
        }

        @Override
        public Rewrites rewrites() {
            return current.get();
        }
    }
}
