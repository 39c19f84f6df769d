package io.penstock.router.ledger.lane;

import io.penstock.router.ledger.store.Table;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is pending of one batch, or of a tenant's single requests, for one model, in the order it is to
/// be run. All of it is in the store; the first entries are also held in memory, so that looking for
/// the next request costs no store read but one range of 96 per 64 requests taken.
public final class Backlog {
    private static final int HEAD_MIN = 32;
    private static final int REFILL = 96;
    private static final int HEAD_MAX = 256;

    /// What is written down of it besides its entries: how many they are, their cost, the deadline of its
    /// batch as submitted, and when the first of them since it was last empty was accepted.
    record Sums(int depth, long cost, long deadlineMs, long acceptedMs) {}

    /// Earliest deadline first.
    static final Comparator<Backlog> BY_URGENCY =
            Comparator.<Backlog>comparingLong(backlog -> backlog.urgencyMs).thenComparing(backlog -> backlog.text);

    private final Table<LaneEntry> table;
    private final Heads heads;
    private final BacklogKey key;
    private final String text;
    private final NavigableMap<String, LaneEntry> head = new TreeMap<>();
    private boolean whole;
    private int depth;
    private long cost;
    private long deadlineMs;
    private long acceptedMs;
    private int overtaken;
    private boolean paused;
    private long extendedMs;
    private long urgencyMs;
    private boolean listed;
    private boolean written;

    Backlog(Table<LaneEntry> table, Heads heads, BacklogKey key, @Nullable Sums known) {
        this.table = table;
        this.heads = heads;
        this.key = key;
        this.text = key.text();
        this.depth = known == null ? 0 : known.depth();
        this.cost = known == null ? 0 : known.cost();
        this.deadlineMs = known == null ? 0 : known.deadlineMs();
        this.acceptedMs = known == null ? 0 : known.acceptedMs();
        this.whole = depth == 0;
        this.written = known != null;
    }

    public BacklogKey key() {
        return key;
    }

    /// Its key as text.
    String text() {
        return text;
    }

    /// Requests in it.
    public int depth() {
        return depth;
    }

    /// Fair-share tokens of the requests in it.
    public long cost() {
        return cost;
    }

    public boolean isPaused() {
        return paused;
    }

    /// When its batch, or the first of its requests, expires.
    public long deadlineMs() {
        return urgencyMs;
    }

    /// Writes its sums to `sums`, or drops them if it is empty.
    void write(Table<Sums> sums) {
        if (depth > 0) {
            sums.put(text, new Sums(depth, cost, deadlineMs, acceptedMs));
        } else if (written) {
            sums.delete(text);
        }
        written = depth > 0;
    }

    /// When its oldest request was accepted, or earlier: the lines of a batch come together, so the first
    /// of them stands for all; of single requests the first in order counts. Milliseconds since 1970.
    public long oldestMs() {
        LaneEntry first = key.batch() == null ? first() : null;
        return first == null ? acceptedMs : first.acceptedAtMs();
    }

    /// Its first entry, or null if it is empty.
    public @Nullable LaneEntry first() {
        refill();
        return head.isEmpty() ? null : head.firstEntry().getValue();
    }

    /// Its first entries: at least 32 of them if it has as many.
    Iterable<LaneEntry> firsts() {
        refill();
        return head.values();
    }

    /// How many entries lie before `place`, counted up to `limit`.
    public int before(String place, int limit) {
        return table.keys(text + " ", text + " " + place, limit + 1).size() - 1;
    }

    /// How often others went ahead of its first entry because that did not fit.
    int overtaken() {
        return overtaken;
    }

    void overtake() {
        overtaken++;
    }

    void add(LaneEntry entry) {
        String place = entry.place();
        table.put(text + " " + place, entry);
        int held = head.size();
        deadlineMs = depth == 0 ? entry.deadlineMs() : Math.min(deadlineMs, entry.deadlineMs());
        acceptedMs = depth == 0 ? entry.acceptedAtMs() : Math.min(acceptedMs, entry.acceptedAtMs());
        depth++;
        cost += entry.cost();
        if (!head.isEmpty() && place.compareTo(head.firstKey()) < 0) {
            overtaken = 0;
        }
        if (whole || (!head.isEmpty() && place.compareTo(head.lastKey()) < 0)) {
            head.put(place, entry);
        }
        if (head.size() > HEAD_MAX) {
            head.pollLastEntry();
            whole = false;
        }
        heads.used(this, head.size() - held);
    }

    void remove(LaneEntry entry) {
        String place = entry.place();
        int held = head.size();
        table.delete(text + " " + place);
        depth--;
        cost -= entry.cost();
        if (!head.isEmpty() && head.firstKey().equals(place)) {
            overtaken = 0;
        }
        head.remove(place);
        whole |= depth == 0;
        heads.used(this, head.size() - held);
    }

    /// Entries it holds in memory.
    int held() {
        return head.size();
    }

    /// Holds none any more.
    void release() {
        int held = head.size();
        head.clear();
        whole = depth == 0;
        heads.used(this, -held);
    }

    void pause(boolean on) {
        paused = on;
    }

    /// Its batch's deadline is `untilMs` now; 0 if it is as submitted.
    void extend(long untilMs) {
        extendedMs = untilMs;
    }

    boolean isReady() {
        return depth > 0 && !paused;
    }

    /// Its deadline as of now. A batch's lines share one, and keep it while the first ones are taken; of
    /// single requests the first one's counts.
    long freshUrgencyMs() {
        if (extendedMs > 0) {
            return extendedMs;
        }
        LaneEntry first = key.batch() == null ? first() : null;
        return first == null ? deadlineMs : first.deadlineMs();
    }

    /// Whether it is in its flow's order, and with which deadline.
    boolean isListed() {
        return listed;
    }

    long urgencyMs() {
        return urgencyMs;
    }

    void list(boolean on, long urgency) {
        listed = on;
        urgencyMs = urgency;
    }

    private void refill() {
        if (whole || head.size() >= HEAD_MIN) {
            return;
        }
        int held = head.size();
        String from = text + " " + (head.isEmpty() ? "" : head.lastKey() + " ");
        List<LaneEntry> next = table.values(from, text + " " + Table.END, REFILL);
        next.forEach(entry -> head.put(entry.place(), entry));
        whole = next.size() < REFILL;
        heads.used(this, head.size() - held);
    }
}
