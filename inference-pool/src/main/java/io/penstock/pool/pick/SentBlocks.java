package io.penstock.pool.pick;

import java.util.LinkedHashMap;
import java.util.Map;

/// The prompt blocks that one endpoint was sent, the most recent ones: what its prefix cache is believed
/// to hold. Not thread-safe.
public final class SentBlocks {
    private final Map<Long, Boolean> recent;

    /// Keeps `max` blocks.
    public SentBlocks(int max) {
        this.recent = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
                return size() > max;
            }
        };
    }

    /// The share of `prompt`, 0 to 1, that was sent: its blocks from the first to the last before one that
    /// is missing; 0 for a prompt of no blocks.
    public double share(PromptBlocks prompt) {
        int found = 0;
        while (found < prompt.count() && recent.containsKey(prompt.hash(found))) {
            found++;
        }
        return found == 0 ? 0 : (double) found / prompt.count();
    }

    /// The endpoint is being sent `prompt`. Its last block is taken for the oldest: without the first one
    /// the others are worth nothing.
    public void sent(PromptBlocks prompt) {
        for (int i = prompt.count() - 1; i >= 0; i--) {
            recent.put(prompt.hash(i), true);
        }
    }

    /// The endpoint has lost its cache.
    public void forget() {
        recent.clear();
    }

    /// How many are kept.
    public int size() {
        return recent.size();
    }
}
