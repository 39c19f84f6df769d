package io.penstock.router.ledger;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What is pending for one (pool, band), oldest first. The whole lane is in the store; its first
/// entries are also held in memory, so that looking for the next request costs no store read but one
/// range of 256 per 200 requests taken.
final class Lane {
    private static final int HEAD_MIN = 64;
    private static final int REFILL = 256;
    private static final int HEAD_MAX = 512;

    private final Table<LaneEntry> table;
    private final String start;
    private final TreeSet<LaneEntry> head = new TreeSet<>();
    private boolean whole;
    private int depth;
    private int overtaken;

    /// A lane known to hold `depth` entries in the store, under keys that start with `start`.
    Lane(Table<LaneEntry> table, String start, int depth) {
        this.table = table;
        this.start = start;
        this.depth = depth;
        this.whole = depth == 0;
    }

    int depth() {
        return depth;
    }

    boolean isEmpty() {
        return depth == 0;
    }

    /// The oldest entry, or null if there is none.
    @Nullable
    LaneEntry oldest() {
        refill();
        return head.isEmpty() ? null : head.first();
    }

    /// The oldest entries: at least 64 of them if the lane has as many.
    Iterable<LaneEntry> first() {
        refill();
        return head;
    }

    /// How often a younger request went ahead of the present oldest one.
    int overtaken() {
        return overtaken;
    }

    /// Notes that a younger request went ahead of the oldest one.
    void overtake() {
        overtaken++;
    }

    void add(LaneEntry entry) {
        table.put(start + entry.place(), entry);
        depth++;
        if (!head.isEmpty() && entry.compareTo(head.first()) < 0) {
            overtaken = 0;
        }
        if (whole || (!head.isEmpty() && entry.compareTo(head.last()) < 0)) {
            head.add(entry);
        }
        if (head.size() > HEAD_MAX) {
            head.pollLast();
            whole = false;
        }
    }

    void remove(LaneEntry entry) {
        table.delete(start + entry.place());
        depth--;
        if (!head.isEmpty() && head.first().equals(entry)) {
            overtaken = 0;
        }
        head.remove(entry);
    }

    private void refill() {
        if (whole || head.size() >= HEAD_MIN) {
            return;
        }
        String from = head.isEmpty() ? start : start + head.last().place() + " ";
        List<LaneEntry> next = table.values(from, start + Table.END, REFILL);
        head.addAll(next);
        whole = next.size() < REFILL;
    }
}
