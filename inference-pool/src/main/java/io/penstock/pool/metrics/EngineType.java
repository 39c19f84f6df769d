package io.penstock.pool.metrics;

import io.penstock.pool.EngineLoad;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The kinds of engine, and how each tells of its load.
public enum EngineType {
    VLLM("vllm", "/metrics", "requests, KV use and size, preemptions", VllmMetrics::read),
    SGLANG("sglang", "/metrics", "requests, KV use and size, retractions", SglangMetrics::read),
    TRTLLM_SERVE("trtllm-serve", "/prometheus/metrics", "requests, KV use and size", TensorRtMetrics::serve),
    TRITON_TENSORRT_LLM(
            "triton-tensorrt-llm",
            "/metrics",
            "requests, KV use and size; on a port of their own (`#metrics=`)",
            TensorRtMetrics::triton),
    LLAMA_CPP("llamacpp", "/metrics", "requests; the reactive limit decides", LlamaCppMetrics::read),
    GENERIC("generic", "", "nothing; the reactive limit decides", (_, _) -> null);

    private final String wireName;
    private final String path;
    private final String tells;

    @SuppressWarnings("ImmutableEnumChecker") // a method reference
    private final Reader reader;

    /// Reads a page that was asked for at `takenAt`; null if it says nothing of load.
    private interface Reader {
        @Nullable
        EngineLoad read(String text, Instant takenAt);
    }

    EngineType(String wireName, String path, String tells, Reader reader) {
        this.wireName = wireName;
        this.path = path;
        this.tells = tells;
        this.reader = reader;
    }

    /// The type called `name`.
    ///
    /// @throws IllegalArgumentException when there is none; the message lists the names
    public static EngineType named(String name) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown engine type '" + name + "'; known: "
                        + Arrays.stream(values()).map(EngineType::wireName).collect(Collectors.joining(", "))));
    }

    /// Its name in settings, addresses and the pod label `inference.networking.k8s.io/engine-type`.
    public String wireName() {
        return wireName;
    }

    /// Where on the engine's address its page is, empty if it has none.
    public String path() {
        return path;
    }

    /// What its page tells, in words.
    public String tells() {
        return tells;
    }

    /// True if it goes on from half an answer (`continue_final_message`); others would begin a second one.
    public boolean continues() {
        return this == VLLM || this == SGLANG;
    }

    /// True if it reads a request's place in its queue from a header (`EnginePriority`).
    public boolean readsPriority() {
        return this == VLLM;
    }

    /// True if it tells its load in the heads of its answers when it is asked to (`LoadHeader`).
    public boolean tellsWithAnswers() {
        return this == VLLM;
    }

    /// The load that the page `text`, asked for at `takenAt`, tells of; null if it tells of none.
    public @Nullable EngineLoad read(String text, Instant takenAt) {
        return reader.read(text, takenAt);
    }
}
