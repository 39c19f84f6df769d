package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NewcomersTest {
    private static final BatchId OTHER = new BatchId("batch_fedcba9876543210fedcba9876543210");
    private static final int LINE_MAX = 1 << 20;

    private final Set<BatchId> inBooks = new HashSet<>();
    private final Newcomers newcomers = new Newcomers(inBooks::contains);

    @Test
    void aLineOfAFreshBatchIsFirstOnceInWhateverOrder() {
        assertThat(newcomers.isFirst(line(3))).isTrue();
        inBooks.add(LedgerBench.BATCH);
        assertThat(newcomers.isFirst(line(1))).isTrue();
        assertThat(newcomers.isFirst(line(3))).isFalse();
        assertThat(newcomers.isFirst(line(1))).isFalse();
        assertThat(newcomers.isFirst(line(2))).isTrue();
    }

    @Test
    void whatWasBegunBeforeIsLookedUp() {
        inBooks.add(LedgerBench.BATCH);
        assertThat(newcomers.isFirst(line(1))).isFalse();
        assertThat(newcomers.isFirst(RequestId.ofLine(OTHER, 1))).isTrue();
    }

    @Test
    void afterARecoveryWhatCameIsLookedUp() {
        assertThat(newcomers.isFirst(line(1))).isTrue();
        inBooks.add(LedgerBench.BATCH);
        newcomers.recover();
        assertThat(newcomers.isFirst(line(1))).isFalse();
        assertThat(newcomers.isFirst(line(2))).isFalse();
    }

    @Test
    void singleRequestsAndLinesBeyondTheBoundAreLookedUp() {
        assertThat(newcomers.isFirst(new RequestId("single"))).isFalse();
        assertThat(newcomers.isFirst(line(LINE_MAX + 1))).isFalse();
        assertThat(newcomers.isFirst(line(LINE_MAX))).isTrue();
    }

    @Test
    void nothingKnownIsTakenForNewWhenBatchesAreLetGoOf() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Set<RequestId> known = new HashSet<>();
        for (int i = 0; i < 30_000; i++) {
            BatchId batch = new BatchId(String.format("batch_%032x", random.nextInt(20_000)));
            RequestId id = RequestId.ofLine(batch, random.nextInt(10) == 0 ? LINE_MAX - 1 : 1 + random.nextInt(2));
            if (newcomers.isFirst(id)) {
                assertThat(known).as("seed %d", seed).doesNotContain(id);
            }
            known.add(id);
            inBooks.add(batch);
        }
        assertThat(newcomers.bytes()).isBetween(7L * 1024 * 1024, 8L * 1024 * 1024);
    }

    @Test
    void batchesThatAreOnlyLookedUpAreBoundedToo() {
        for (int i = 0; i < 20_000; i++) {
            BatchId batch = new BatchId(String.format("batch_%032x", i));
            inBooks.add(batch);
            assertThat(newcomers.isFirst(RequestId.ofLine(batch, 1))).isFalse();
        }
        assertThat(newcomers.bytes()).isEqualTo(10_000L * Long.BYTES);
    }

    private static RequestId line(int number) {
        return RequestId.ofLine(LedgerBench.BATCH, number);
    }
}
