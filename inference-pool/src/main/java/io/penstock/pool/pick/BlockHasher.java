package io.penstock.pool.pick;

import io.penstock.topics.id.ModelName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;
import org.jspecify.annotations.Nullable;

/// Hashes prompts block by block, as the prefix plugin of the Endpoint Picker does.
///
/// ```
/// h₀ = XXH64(model ‖ cache salt)
/// hᵢ = XXH64(block i ‖ hᵢ₋₁, little-endian)
/// ```
///
/// A last block that is not whole is left out, and so is what follows the largest number of blocks.
/// Thread-safe.
public final class BlockHasher {
    /// Bytes of a block: about 16 tokens of English, vLLM's own unit.
    private static final int BLOCK_BYTES = 64;

    private static final XXHash64 XXH64 = XXHashFactory.safeInstance().hash64();

    private final int blockBytes;
    private final int blocksMax;

    /// Blocks of 64 bytes, `blocksMax` of a prompt at most.
    public BlockHasher(int blocksMax) {
        this(BLOCK_BYTES, blocksMax);
    }

    BlockHasher(int blockBytes, int blocksMax) {
        this.blockBytes = blockBytes;
        this.blocksMax = blocksMax;
    }

    /// The blocks of the prompt for `model` that is `length` bytes from `offset` of `bytes`. Prompts with
    /// different `cacheSalt`s have nothing in common (vLLM keeps their caches apart).
    public PromptBlocks blocks(ModelName model, @Nullable String cacheSalt, byte[] bytes, int offset, int length) {
        int count = Math.min(length / blockBytes, blocksMax);
        long[] hashes = new long[count];
        byte[] seed = (model.value() + (cacheSalt == null ? "" : cacheSalt)).getBytes(StandardCharsets.UTF_8);
        long hash = XXH64.hash(seed, 0, seed.length, 0);
        ByteBuffer block = ByteBuffer.allocate(blockBytes + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            block.clear();
            block.put(bytes, offset + i * blockBytes, blockBytes).putLong(hash);
            hash = XXH64.hash(block.array(), 0, block.capacity(), 0);
            hashes[i] = hash;
        }
        return new PromptBlocks(hashes);
    }
}
