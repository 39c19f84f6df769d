package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.ledger.lane.PoolLanes;
import io.penstock.router.ledger.store.MapStore;
import io.penstock.router.ledger.store.Table;
import io.penstock.topics.id.Band;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Holds what a ledger has written down, in its store and in memory, against each other.
final class BooksAudit {
    private static final Pattern DEPTH = Pattern.compile("\"depth\":(\\d+)");

    private final MapStore records;
    private final Books books;

    BooksAudit(MapStore records, Books books) {
        this.records = records;
        this.books = books;
    }

    /// Each row is in exactly one index, the backlogs' sums are those of their entries, and what is at workers is
    /// charged and counted once.
    void check(String when) {
        long held = held();
        long pending = records.count("lane ");
        long backingOff = records.count("due BACKOFF");
        assertThat((long) records.count("row "))
                .as("%s: rows, of which %s pending, %s assigned, %s waiting", when, pending, held, backingOff)
                .isEqualTo(pending + held + backingOff);
        assertThat(depths()).as("%s: depth of all backlogs", when).isEqualTo(pending);
        assertThat((long) books.charges().count()).as("%s: open charges", when).isEqualTo(held);
        assertThat(running()).as("%s: running, by lanes", when).isEqualTo(held);
    }

    /// True if nothing is left of any unfinished request but its body.
    boolean isEmpty() {
        return records.count("row ")
                        + records.count("lane ")
                        + held()
                        + records.count("due DEADLINE")
                        + records.count("due BACKOFF")
                == 0;
    }

    private long held() {
        AtomicLong held = new AtomicLong();
        new Tickets(records).forEach((_, _, entry) -> held.addAndGet(entry.id() == null ? 0 : 1));
        return held.get();
    }

    private long depths() {
        AtomicLong depths = new AtomicLong();
        records.range("backlog ", "backlog " + Table.END, Integer.MAX_VALUE).forEach(entry -> {
            Matcher found = DEPTH.matcher(new String(entry.value(), StandardCharsets.UTF_8));
            depths.addAndGet(found.find() ? Long.parseLong(found.group(1)) : 0);
        });
        return depths.get();
    }

    private long running() {
        long running = 0;
        for (PoolLanes pool : books.lanes().pools()) {
            for (Band band : Band.values()) {
                running += pool.of(band).meter().running();
            }
        }
        return running;
    }
}
