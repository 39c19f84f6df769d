package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.kv.Yield.Candidate;
import io.penstock.pool.kv.Yield.Rules;
import io.penstock.topics.id.RequestId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class YieldTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final Yield yield = new Yield(Rules.ON);
    private final List<Candidate> running = new ArrayList<>(IntStream.range(0, 5)
            .mapToObj(n -> new Candidate(new RequestId("r" + n), 0, NOW.plusSeconds(3600)))
            .toList());

    @Test
    void theNewestTwoGiveWayAndNoMoreThanWait() {
        assertThat(yield.victims(0, running, NOW, NOW)).isEmpty();
        assertThat(yield.victims(9, running, NOW, NOW))
                .extracting(RequestId::value)
                .containsExactly("r0", "r1");
        assertThat(new Yield(Rules.ON).victims(1, running, NOW, NOW)).hasSize(1);
        assertThat(new Yield(Rules.OFF).victims(9, running, NOW, NOW)).isEmpty();
    }

    @Test
    void noneGiveWayUntilTheLastAreGoneAndHalfASecondHasPassed() {
        yield.victims(9, running, NOW, NOW);
        assertThat(yield.victims(9, running, NOW.plusSeconds(1), NOW.plusSeconds(1)))
                .isEmpty();
        running.removeFirst();
        running.removeFirst();
        assertThat(yield.victims(9, running, NOW.plusMillis(499), NOW.plusMillis(499)))
                .isEmpty();
        assertThat(yield.victims(9, running, NOW.plusMillis(500), NOW.plusMillis(500)))
                .extracting(RequestId::value)
                .containsExactly("r2", "r3");
    }

    @Test
    void whatDoesNotGoIsNoLongerWaitedForAfterTenSeconds() {
        yield.victims(9, running, NOW, NOW);
        assertThat(yield.victims(9, running, NOW.plusMillis(9_999), NOW.plusMillis(9_999)))
                .isEmpty();
        assertThat(yield.victims(9, running, NOW.plusSeconds(10), NOW.plusSeconds(10)))
                .hasSize(2);
    }

    @Test
    void thoseThatGaveWayOftenOrAreNearTheirDeadlineAreLeftAlone() {
        List<Candidate> protectedOnes = List.of(
                new Candidate(new RequestId("often"), 3, NOW.plusSeconds(3600)),
                new Candidate(new RequestId("near"), 0, NOW.plusSeconds(600)),
                new Candidate(new RequestId("free"), 2, NOW.plusSeconds(601)));
        assertThat(yield.victims(9, protectedOnes, NOW, NOW))
                .extracting(RequestId::value)
                .containsExactly("free");
    }
}
