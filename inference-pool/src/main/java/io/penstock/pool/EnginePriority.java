package io.penstock.pool;

import io.penstock.topics.id.Band;

/// Where a request stands in the queue of a vLLM engine that schedules by priority: the lower the value the
/// earlier, and whoever has the highest is preempted first when the KV cache runs out.
///
/// ```
///              high  normal  low
/// interactive   -1      0     1
/// durable        2      3     4
/// ```
///
/// A request that says nothing has 0: whoever calls the engine past this product counts as normal chat.
public record EnginePriority(int value) {
    /// The request header that says it, which overrides `priority` in the body (vLLM since August 2026).
    public static final String HEADER = "X-Vllm-Priority";

    /// Of a call whose client waits for the answer.
    public static EnginePriority interactive(Band band) {
        return new EnginePriority(
                switch (band) {
                    case HIGH -> -1;
                    case NORMAL -> 0;
                    case LOW -> 1;
                });
    }

    /// Of a request from a topic or a batch: behind every interactive call.
    public static EnginePriority durable(Band band) {
        return new EnginePriority(
                switch (band) {
                    case HIGH -> 2;
                    case NORMAL -> 3;
                    case LOW -> 4;
                });
    }
}
