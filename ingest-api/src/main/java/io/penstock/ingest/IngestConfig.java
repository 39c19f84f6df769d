package io.penstock.ingest;

import io.penstock.ingest.async.AsyncPolicy;
import io.penstock.ingest.batches.BatchesApi.BatchPolicy;
import io.penstock.ingest.chat.InteractivePolicy;
import io.penstock.ingest.chat.ShortCircuit.CallLimits;
import io.penstock.ingest.files.FileLimits;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.webhooks.WebhooksConfig;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How the API runs. `engines` says where those of interactive calls are; `keys` maps API keys to tenants,
/// empty for none, and `operators` are the tenants that may look at and command everyone's work.
/// `explainPatience` is how long ledgers get to say why something waits, and `keyPatience` how long the log gets to say
/// what an idempotency key stands for; `interactive` says where
/// interactive calls go and how they wait. Without `webhooks` they are off.
public record IngestConfig(
        HttpServerConfig http,
        EngineSources engines,
        Map<String, TenantId> keys,
        Set<TenantId> operators,
        FileLimits files,
        BatchPolicy batches,
        CallLimits calls,
        AsyncPolicy async,
        Duration explainPatience,
        Duration keyPatience,
        InteractivePolicy interactive,
        @Nullable WebhooksConfig webhooks) {
    /// Ledgers answer within milliseconds; one that moves to another router takes longer than this.
    public static final Duration EXPLAIN_PATIENCE = Duration.ofSeconds(2);
    /// The log decides a key in about 10 ms; a partition that moves to another broker takes a second or two.
    public static final Duration KEY_PATIENCE = Duration.ofSeconds(5);

    public IngestConfig {
        keys = Map.copyOf(keys);
        operators = Set.copyOf(operators);
    }

    /// Defaults for everything but the server and the engines.
    public static IngestConfig of(HttpServerConfig http, EngineSources engines) {
        return new IngestConfig(
                http,
                engines,
                Map.of(),
                Set.of(),
                FileLimits.DEFAULT,
                new BatchPolicy(false, ObjectiveName.BATCH),
                CallLimits.DEFAULT,
                AsyncPolicy.DEFAULT,
                EXPLAIN_PATIENCE,
                KEY_PATIENCE,
                InteractivePolicy.DEFAULT,
                null);
    }

    /// The same, placing and holding interactive calls by `policy`.
    public IngestConfig with(InteractivePolicy policy) {
        return new IngestConfig(
                http,
                engines,
                keys,
                operators,
                files,
                batches,
                calls,
                async,
                explainPatience,
                keyPatience,
                policy,
                webhooks);
    }

    /// The same with these API keys, each with its tenant.
    public IngestConfig with(Map<String, TenantId> others) {
        return new IngestConfig(
                http,
                engines,
                others,
                operators,
                files,
                batches,
                calls,
                async,
                explainPatience,
                keyPatience,
                interactive,
                webhooks);
    }

    /// The same with webhooks.
    public IngestConfig withWebhooks(WebhooksConfig on) {
        return new IngestConfig(
                http,
                engines,
                keys,
                operators,
                files,
                batches,
                calls,
                async,
                explainPatience,
                keyPatience,
                interactive,
                on);
    }
}
