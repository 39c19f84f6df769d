package io.penstock.simulator.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A prompt as the engine sees it: a token count and the hash of each full block, chained so that a
/// block's hash stands for the whole prefix up to its end.
///
/// Tokens are approximated as 4 UTF-8 bytes each, rounded up, at least one.
public final class Prompt {
    private static final int BYTES_PER_TOKEN = 4;

    private final int tokens;
    private final long[] blockHashes;
    private final long hash;

    private Prompt(byte[] bytes, int blockSize, String cacheSalt) {
        int blockBytes = blockSize * BYTES_PER_TOKEN;
        tokens = tokensIn(bytes.length);
        blockHashes = new long[tokens / blockSize];
        byte[] salt = cacheSalt.getBytes(StandardCharsets.UTF_8);
        long chain = Hashes.bytes(Hashes.START, salt, 0, salt.length);
        for (int i = 0; i < blockHashes.length; i++) {
            chain = Hashes.bytes(chain, bytes, i * blockBytes, Math.min(bytes.length, (i + 1) * blockBytes));
            blockHashes[i] = chain;
        }
        hash = Hashes.bytes(chain, bytes, Math.min(bytes.length, blockHashes.length * blockBytes), bytes.length);
    }

    /// A prompt of text. Prompts with different cache salts share no blocks.
    public static Prompt ofText(String text, int blockSize, String cacheSalt) {
        return new Prompt(text.getBytes(StandardCharsets.UTF_8), blockSize, cacheSalt);
    }

    /// A prompt of token ids, each one token.
    public static Prompt ofTokenIds(List<Integer> ids, int blockSize, String cacheSalt) {
        ByteBuffer bytes = ByteBuffer.allocate(ids.size() * BYTES_PER_TOKEN).order(ByteOrder.LITTLE_ENDIAN);
        ids.forEach(bytes::putInt);
        return new Prompt(bytes.array(), blockSize, cacheSalt);
    }

    /// Tokens in so many UTF-8 bytes.
    public static int tokensIn(int utf8Bytes) {
        return Math.max(1, (utf8Bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN);
    }

    /// The prompt's length in tokens.
    public int tokens() {
        return tokens;
    }

    /// The hash of the whole prompt, salt included; the seed of its answer.
    public long hash() {
        return hash;
    }

    int fullBlocks() {
        return blockHashes.length;
    }

    long blockHash(int block) {
        return blockHashes[block];
    }
}
