package io.penstock.simulator.engine;

import java.util.ArrayList;
import java.util.List;

/// A request inside the engine: how far it is computed, and which blocks it holds.
final class Sequence {
    final EngineRequest request;
    final long arrival;
    /// Blocks held, in token order; empty while waiting.
    final List<Integer> blocks = new ArrayList<>();
    /// Place in a first-come queue; preemption moves it to the head.
    long queueRank;
    /// Tokens whose KV is in the blocks.
    int computed;
    /// Tokens of the answer produced.
    int generated;
    boolean running;
    boolean scheduledBefore;

    Sequence(EngineRequest request, long arrival) {
        this.request = request;
        this.arrival = arrival;
        this.queueRank = arrival;
    }

    /// Tokens whose content is known: the prompt and what was generated.
    int known() {
        return request.prompt().tokens() + generated;
    }

    /// Tokens that the next steps must compute before a new one can be sampled.
    int pending() {
        return known() - computed;
    }

    boolean answered() {
        return generated >= request.plan().tokens();
    }

    /// Identity of the content up to the end of a full block. Blocks of the answer depend on the whole
    /// prompt and its seed.
    long blockHash(int block) {
        Prompt prompt = request.prompt();
        return block < prompt.fullBlocks()
                ? prompt.blockHash(block)
                : Hashes.mix(prompt.hash() ^ Hashes.mix(request.plan().seed() + block));
    }
}
