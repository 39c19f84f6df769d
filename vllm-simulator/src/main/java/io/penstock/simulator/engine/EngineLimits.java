package io.penstock.simulator.engine;

/// The sizes an engine was started with.
///
/// @param maxNumSeqs most sequences in one step
/// @param maxNumBatchedTokens most tokens computed in one step, prefill chunks and decodes together
/// @param maxModelLen most tokens of prompt and answer together
/// @param numGpuBlocks KV blocks, one of which is the null block that vLLM never hands out
/// @param blockSize tokens per KV block
public record EngineLimits(int maxNumSeqs, int maxNumBatchedTokens, int maxModelLen, int numGpuBlocks, int blockSize) {
    public EngineLimits {
        atLeastOne("maxNumSeqs", maxNumSeqs);
        atLeastOne("maxNumBatchedTokens", maxNumBatchedTokens);
        atLeastOne("maxModelLen", maxModelLen);
        atLeastOne("blockSize", blockSize);
        if (numGpuBlocks < 2) {
            throw new IllegalArgumentException(
                    "numGpuBlocks must be at least 2 (one is the null block), got " + numGpuBlocks);
        }
        if (maxModelLen > (long) (numGpuBlocks - 1) * blockSize) {
            throw new IllegalArgumentException("maxModelLen " + maxModelLen + " does not fit into " + (numGpuBlocks - 1)
                    + " KV blocks of " + blockSize + " tokens; lower maxModelLen or raise numGpuBlocks");
        }
    }

    /// The same engine with another number of KV blocks; `maxModelLen` shrinks to what fits, as vLLM's
    /// `auto` does.
    public EngineLimits withNumGpuBlocks(int blocks) {
        int fits = (int) Math.min(maxModelLen, Math.max(1L, (long) (blocks - 1) * blockSize));
        return new EngineLimits(maxNumSeqs, maxNumBatchedTokens, fits, blocks, blockSize);
    }

    /// The same engine with another limit on sequences per step.
    public EngineLimits withMaxNumSeqs(int seqs) {
        return new EngineLimits(seqs, maxNumBatchedTokens, maxModelLen, numGpuBlocks, blockSize);
    }

    /// The same engine with another context length.
    public EngineLimits withMaxModelLen(int tokens) {
        return new EngineLimits(maxNumSeqs, maxNumBatchedTokens, tokens, numGpuBlocks, blockSize);
    }

    /// What vLLM reports as `kv_cache_size_tokens`.
    public long kvCacheSizeTokens() {
        return (long) numGpuBlocks * blockSize;
    }

    /// Blocks that hold so many tokens.
    int blocksFor(int tokens) {
        return (tokens + blockSize - 1) / blockSize;
    }

    private static void atLeastOne(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " must be at least 1, got " + value);
        }
    }
}
