package io.penstock.ingest.claims;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.record.Claim;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimOrderTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final Claim A = new Claim("a", "r1", 1);
    private static final Claim B = new Claim("b", "r2", 1);

    @Test
    void theFirstClaimOfAnIdHoldsForItsTime() {
        ClaimOrder order = new ClaimOrder(10);
        Instant last = START.plus(ClaimOrder.LASTS);

        assertThat(order.next("x", A, START)).isEqualTo(A);
        assertThat(order.next("x", B, last)).isEqualTo(A);
        assertThat(order.next("x", B, last.plusMillis(1))).isEqualTo(B);
        assertThat(order.next("x", A, last.plusMillis(2))).isEqualTo(B);
    }

    @Test
    void ofTooManyTheOldestAreForgotten() {
        ClaimOrder order = new ClaimOrder(2);
        order.next("x", A, START);
        order.next("y", A, START);

        order.next("z", A, START);

        assertThat(order.size()).isEqualTo(2);
        assertThat(order.next("y", B, START)).isEqualTo(A);
        assertThat(order.next("x", B, START)).isEqualTo(B);
    }

    @Test
    void whatHoldsNoMoreTakesNoMemory() {
        ClaimOrder order = new ClaimOrder(100);
        for (int i = 0; i < 50; i++) {
            order.next("id " + i, A, START.plusSeconds(i));
        }

        order.next("last", A, START.plusSeconds(50).plus(ClaimOrder.LASTS));

        assertThat(order.size()).isEqualTo(1);
    }

    /// A replica that starts late reads the same log, from a later beginning, and says the same of all that a
    /// submission may still be waiting for.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyReplicaSaysTheSame(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ClaimOrder early = new ClaimOrder(1_000);
        ClaimOrder late = new ClaimOrder(1_000);
        Map<String, List<Claim>> held = new HashMap<>();
        Instant now = START;
        for (int i = 0; i < 2_000; i++) {
            // Ids of an hour of their own, as keys are: claims of one id come close together.
            String id = "id " + i / 20 + "-" + random.nextInt(5);
            Claim claim = new Claim("f" + random.nextInt(3), "r" + random.nextInt(2), i);
            now = now.plusMillis(random.nextInt(4_000));
            Claim first = early.next(id, claim, now);
            held.computeIfAbsent(id, _ -> new ArrayList<>()).add(first);
            if (i >= 200) {
                assertThat(late.next(id, claim, now))
                        .describedAs("seed %s, claim %s", seed, i)
                        .isEqualTo(first);
            }
        }
        assertThat(held.values()).allSatisfy(all -> assertThat(all).containsOnly(all.getFirst()));
    }
}
