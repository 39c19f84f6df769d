package io.penstock.router.ledger.lane;

import java.util.LinkedHashSet;

/// Bounds how many entries all backlogs of a task hold in memory: those used longest ago give theirs up,
/// and read them from the store again when they are asked. So the heap does not depend on whether a
/// million requests lie in twenty batches or in ten thousand.
final class Heads {
    /// About 300 bytes each, 5 MB in all.
    private static final int ENTRIES_MAX = 16_384;

    /// Those that hold entries, used longest ago first.
    private final LinkedHashSet<Backlog> used = new LinkedHashSet<>();

    private int held;

    /// `backlog` was used, and holds `change` entries more than before.
    void used(Backlog backlog, int change) {
        held += change;
        if (backlog.held() == 0) {
            used.remove(backlog);
        } else {
            used.addLast(backlog);
        }
    }

    /// Lets go what is too much. Not to be called while somebody goes through a backlog's entries.
    void trim() {
        while (held > ENTRIES_MAX && used.size() > 1) {
            used.removeFirst().release();
        }
    }

    /// Entries held by all backlogs.
    int held() {
        return held;
    }
}
