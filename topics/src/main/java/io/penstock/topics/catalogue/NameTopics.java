package io.penstock.topics.catalogue;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.PoolSpec;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.Tenant;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;

/// The part of the catalogue that says what names mean: each a compacted topic of one partition, read whole
/// by whoever needs it.
record NameTopics(
        Topic<ModelName, ServedModel> models,
        Topic<ObjectiveName, Objective> objectives,
        Topic<RewriteName, ModelRewrite> rewrites,
        Topic<PoolName, PoolSpec> pools,
        Topic<TenantId, Tenant> tenants) {
    static NameTopics of(TopicLayout layout) {
        return new NameTopics(
                topic(
                        layout,
                        "models",
                        IdSerde.of(ModelName::new, ModelName::value),
                        new JsonSerde<>(ServedModel.class),
                        "model names and aliases, and the pool that serves each",
                        "gpu-workers → tag, batches, ingest-api"),
                topic(
                        layout,
                        "objectives",
                        IdSerde.of(ObjectiveName::new, ObjectiveName::value),
                        new JsonSerde<>(Objective.class),
                        "service goals and their priorities",
                        "operators → tag, batches, ingest-api"),
                topic(
                        layout,
                        "rewrites",
                        IdSerde.of(RewriteName::new, RewriteName::value),
                        new JsonSerde<>(ModelRewrite.class),
                        "rules that run a request for one model as a request for another",
                        "operators → tag, batches, ingest-api"),
                topic(
                        layout,
                        "pools",
                        IdSerde.of(PoolName::new, PoolName::value),
                        new JsonSerde<>(PoolSpec.class),
                        "pools, and by which labels and ports their engines are found",
                        "operators → `penstock get`"),
                topic(
                        layout,
                        "tenants",
                        IdSerde.of(TenantId::new, TenantId::value),
                        new JsonSerde<>(Tenant.class),
                        "tenants' weights",
                        "operators → ledger"));
    }

    List<Topic<?, ?>> all() {
        return List.of(models, objectives, rewrites, pools, tenants);
    }

    private static <K, V> Topic<K, V> topic(
            TopicLayout layout, String name, Serde<K> key, Serde<V> value, String about, String traffic) {
        return new Topic<>(layout.prefix() + "." + name, key, value, 1, new Retention.Compact(), about, traffic);
    }
}
