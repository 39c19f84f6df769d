package io.penstock.simulator.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/// The KV blocks: who references them, and which content they still hold.
///
/// A block that nobody references is free, whether or not it holds content. Free blocks are handed out
/// least recently freed first, and only then is their content forgotten; a request with the same prefix
/// can take them back before that.
final class BlockPool {
    private static final long NO_CONTENT = 0;

    private final int[] references;
    private final long[] contents;
    private final LinkedHashSet<Integer> free = new LinkedHashSet<>();
    private final Map<Long, Integer> byContent = new HashMap<>();

    /// @param blocks that can be handed out, the null block not counted
    BlockPool(int blocks) {
        references = new int[blocks];
        contents = new long[blocks];
        Arrays.fill(contents, NO_CONTENT);
        for (int block = 0; block < blocks; block++) {
            free.add(block);
        }
    }

    int freeBlocks() {
        return free.size();
    }

    double usage() {
        return 1.0 - (double) free.size() / references.length;
    }

    /// How many leading blocks of the sequence, at most `limit`, are in the cache.
    int cachedPrefix(Sequence sequence, int limit) {
        int found = 0;
        while (found < limit && byContent.containsKey(sequence.blockHash(found))) {
            found++;
        }
        return found;
    }

    /// Gives a sequence without blocks its first `cached` blocks from the cache and `fresh` new ones;
    /// changes nothing and answers false when they do not fit.
    boolean admit(Sequence sequence, int cached, int fresh) {
        int revived = 0;
        for (int i = 0; i < cached; i++) {
            if (references[cachedBlock(sequence, i)] == 0) {
                revived++;
            }
        }
        if (revived + fresh > free.size()) {
            return false;
        }
        for (int i = 0; i < cached; i++) {
            int block = cachedBlock(sequence, i);
            if (references[block]++ == 0) {
                free.remove(block);
            }
            sequence.blocks.add(block);
        }
        return extend(sequence, fresh);
    }

    /// Gives the sequence `fresh` more blocks; changes nothing and answers false when there are not so
    /// many.
    boolean extend(Sequence sequence, int fresh) {
        if (fresh > free.size()) {
            return false;
        }
        for (int i = 0; i < fresh; i++) {
            int block = free.removeFirst();
            forget(block);
            references[block] = 1;
            sequence.blocks.add(block);
        }
        return true;
    }

    /// Remembers what a full block of the sequence holds. The first block with a content is the one
    /// found again.
    void remember(Sequence sequence, int index) {
        int block = sequence.blocks.get(index);
        long content = sequence.blockHash(index);
        if (byContent.putIfAbsent(content, block) == null) {
            forget(block);
            contents[block] = content;
        }
    }

    /// Takes back all blocks of the sequence, last first, so that the end of a prefix is forgotten
    /// before its beginning.
    void release(Sequence sequence) {
        for (int block : sequence.blocks.reversed()) {
            if (--references[block] == 0) {
                free.add(block);
            }
        }
        sequence.blocks.clear();
    }

    private int cachedBlock(Sequence sequence, int index) {
        Integer block = byContent.get(sequence.blockHash(index));
        if (block == null) {
            throw new IllegalStateException(
                    "block " + index + " of request " + sequence.request.id() + " is not cached");
        }
        return block;
    }

    private void forget(int block) {
        if (contents[block] != NO_CONTENT) {
            byContent.remove(contents[block]);
            contents[block] = NO_CONTENT;
        }
    }
}
