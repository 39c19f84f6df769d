package io.penstock.simulator.engine;

import java.util.Locale;

/// Why a sequence ended.
public enum FinishReason {
    /// The model ended its answer.
    STOP,
    /// The answer reached its token limit.
    LENGTH,
    /// The client left or the server shut down. vLLM answers 200 with this reason, which OpenAI's
    /// enumeration lacks.
    ABORT;

    /// The word on the wire, for example `length`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
