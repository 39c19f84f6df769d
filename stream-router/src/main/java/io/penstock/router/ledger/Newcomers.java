package io.penstock.router.ledger;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/// Tells batch lines that cannot be in the books, so that nobody has to look: two reads of the store that find
/// nothing are the dearest part of an admission.
///
/// If the books hold nothing of a batch when its first line comes, all they will hold of it are the lines that come
/// from then on: a bit each. Everything else is looked up: single requests, batches that were begun before this
/// task was opened, and lines above 2^20. Held in memory for the batches heard of last, for 10,000 of them and 8 MiB
/// of bits at most.
final class Newcomers {
    private static final int BATCHES_MAX = 10_000;
    private static final long BITS_MAX = 8L * 1024 * 1024 * Byte.SIZE;
    private static final int LINE_MAX = 1 << 20;

    private final Predicate<BatchId> isInBooks;
    private final Map<BatchId, Came> batches = new LinkedHashMap<>(64, 0.75f, true);
    private long bits;

    /// What came of a batch; `isAll` if the books cannot hold anything else of it.
    private record Came(boolean isAll, BitSet lines) {}

    /// `isInBooks` says whether the books hold anything of a batch.
    Newcomers(Predicate<BatchId> isInBooks) {
        this.isInBooks = isInBooks;
    }

    /// Forgets all of it; the books may have changed.
    void recover() {
        batches.clear();
        bits = 0;
    }

    /// True if the books cannot hold `id`; from now on they may.
    boolean isFirst(RequestId id) {
        BatchId batch = id.batch();
        int line = id.line();
        if (batch == null || line > LINE_MAX) {
            return false;
        }
        Came came = batches.get(batch);
        if (came == null) {
            came = new Came(!isInBooks.test(batch), new BitSet());
            batches.put(batch, came);
            bits += came.lines().size();
        }
        boolean first = came.isAll() && !came.lines().get(line);
        if (first) {
            bits -= came.lines().size();
            came.lines().set(line);
            bits += came.lines().size();
        }
        trim();
        return first;
    }

    /// Bytes that the bits of all lines take.
    long bytes() {
        return bits / Byte.SIZE;
    }

    /// A batch that was let go of is looked up when its next line comes, and is in the books then.
    private void trim() {
        Iterator<Came> eldest = batches.values().iterator();
        while (batches.size() > BATCHES_MAX || bits > BITS_MAX) {
            bits -= eldest.next().lines().size();
            eldest.remove();
        }
    }
}
