package io.penstock.pool.kv;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Usage;
import java.util.LinkedHashMap;
import java.util.Map;

/// What requests really take, learned from the `usage` of answers.
///
/// - Prompt: a declared token stands for so many real ones, a decaying mean for each model. (What is
///   declared counts 4 bytes a token; Chinese, code and images differ.)
/// - Output: the 90th percentile of real over declared output among the last 128 answers to the same
///   tenant by the same model, those to requests with a limit apart from those without. No estimate is above a
///   request's own limit, or what the model's context leaves beside the prompt.
///
/// Until 16 answers have come the declaration counts. Remembers the 1,024 models and tenants used last.
/// Thread-safe.
public final class Estimates {
    private static final int REMEMBERED_MAX = 1024;
    private static final int SAMPLES_MIN = 16;
    private static final double QUANTILE = 0.9;
    /// Weight of a new answer in the decaying sums: 256 answers reach back far enough.
    private static final double DECAY = 1 - 1.0 / 256;
    /// No answer may teach more than this factor.
    private static final double FACTOR_MAX = 8;

    private final Map<ModelName, PromptScale> prompts = remembering();
    private final Map<Flow, Ratios> outputs = remembering();

    private record Flow(ModelName model, TenantId tenant, boolean limited) {
        static Flow of(ModelName model, TenantId tenant, Cost declared) {
            return new Flow(model, tenant, declared.outputLimit() != null);
        }
    }

    private static final class PromptScale {
        private double declared;
        private double real;
        private int answers;
    }

    /// What a request that declares `declared` is expected to take of a model with a context of
    /// `contextTokens`, 0 if that is not known.
    public synchronized Cost expected(ModelName model, TenantId tenant, Cost declared, int contextTokens) {
        PromptScale scale = prompts.get(model);
        Ratios ratios = outputs.get(Flow.of(model, tenant, declared));
        double prompt = scale == null || scale.answers < SAMPLES_MIN
                ? 1
                : Math.clamp(scale.real / scale.declared, 1 / FACTOR_MAX, FACTOR_MAX);
        double output = ratios == null || ratios.count() < SAMPLES_MIN ? 1 : ratios.quantile(QUANTILE);
        int promptTokens = scaled(declared.promptTokens(), prompt);
        int room = contextTokens == 0 ? Integer.MAX_VALUE : Math.max(1, contextTokens - promptTokens);
        int limit = declared.outputLimit() == null ? room : Math.min(room, declared.outputLimit());
        return new Cost(promptTokens, Math.min(limit, scaled(declared.outputTokens(), output)), declared.outputLimit());
    }

    /// Rounded up, but not for an error of floating point.
    private static int scaled(int declared, double factor) {
        return (int) Math.ceil(declared * factor - 1e-6);
    }

    /// Learns from an answer to a request that declared `declared`.
    public synchronized void settle(ModelName model, TenantId tenant, Cost declared, Usage usage) {
        if (declared.promptTokens() > 0 && usage.inputTokens() > 0) {
            PromptScale scale = prompts.computeIfAbsent(model, _ -> new PromptScale());
            scale.declared = scale.declared * DECAY + declared.promptTokens();
            scale.real = scale.real * DECAY + usage.inputTokens();
            scale.answers++;
        }
        if (declared.outputTokens() > 0) {
            outputs.computeIfAbsent(Flow.of(model, tenant, declared), _ -> new Ratios())
                    .add(Math.min(FACTOR_MAX, (double) usage.outputTokens() / declared.outputTokens()));
        }
    }

    private static <K, V> Map<K, V> remembering() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED_MAX;
            }
        };
    }
}
