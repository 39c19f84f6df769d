package io.penstock.pool.pick;

/// A prompt as a chain of hashes, one for each whole block of its bytes: equal hashes mean equal prompts
/// up to there, under the same model and cache salt.
public final class PromptBlocks {
    /// Of a prompt that is absent, or shorter than a block.
    public static final PromptBlocks NONE = new PromptBlocks(new long[0]);

    private final long[] hashes;

    PromptBlocks(long[] hashes) {
        this.hashes = hashes;
    }

    /// How many there are.
    public int count() {
        return hashes.length;
    }

    /// The hash of everything up to and including block `index`, from 0.
    long hash(int index) {
        return hashes[index];
    }
}
