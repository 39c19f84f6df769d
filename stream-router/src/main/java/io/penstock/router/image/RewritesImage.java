package io.penstock.router.image;

import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.rewrite.Rewrites;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The image of the rewrites. Which rule decides depends on all of them, so each task keeps them sorted
/// out and does so again after a change only.
public final class RewritesImage {
    private static final Logger LOG = LoggerFactory.getLogger(RewritesImage.class);
    private static final String STORE = "rewrites";

    private final AtomicLong changes = new AtomicLong();

    private RewritesImage() {}

    /// Adds the image to `topology`.
    public static RewritesImage add(Topology topology, Topics topics) {
        RewritesImage image = new RewritesImage();
        Images.add(topology, STORE, topics.rewrites(), image.changes::incrementAndGet);
        return image;
    }

    /// What a task of `context` calls for the rewrites of this moment. Not thread-safe, as tasks are
    /// not.
    public Supplier<Rewrites> reader(ProcessingContext context) {
        return new Reader(context.getStateStore(STORE), changes);
    }

    private static final class Reader implements Supplier<Rewrites> {
        private final ReadOnlyKeyValueStore<RewriteName, ModelRewrite> store;
        private final AtomicLong changes;
        private long seen = -1;
        private Rewrites rewrites = Rewrites.NONE;

        private Reader(ReadOnlyKeyValueStore<RewriteName, ModelRewrite> store, AtomicLong changes) {
            this.store = store;
            this.changes = changes;
        }

        @Override
        public Rewrites get() {
            // Counted after the store has it, and read before the store is.
            long now = changes.get();
            if (now != seen) {
                rewrites = Rewrites.of(all());
                seen = now;
            }
            return rewrites;
        }

        private List<ModelRewrite> all() {
            List<ModelRewrite> all = new ArrayList<>();
            try (KeyValueIterator<RewriteName, ModelRewrite> entries = store.all()) {
                while (entries.hasNext()) {
                    ModelRewrite rewrite = next(entries);
                    if (rewrite != null) {
                        all.add(rewrite);
                    }
                }
            }
            return all;
        }

        private static @Nullable ModelRewrite next(KeyValueIterator<RewriteName, ModelRewrite> entries) {
            try {
                KeyValue<RewriteName, ModelRewrite> entry = entries.next();
                return entry.value;
            } catch (SerializationException e) {
                LOG.atWarn().setCause(e).log("undecodable rewrite is taken for absent");
                return null;
            }
        }
    }
}
