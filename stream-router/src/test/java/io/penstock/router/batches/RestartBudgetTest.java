package io.penstock.router.batches;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {
    @Test
    void tenRestartsInFiveMinutesAreAllowedAndTheEleventhIsNot() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may overflow
        RestartBudget budget = new RestartBudget(nanos::get);

        assertThat(IntStream.range(0, 10).allMatch(_ -> budget.mayRestart())).isTrue();
        assertThat(budget.mayRestart()).isFalse();
        nanos.addAndGet(Duration.ofMinutes(5).toNanos() + 1);
        assertThat(budget.mayRestart()).isTrue();
    }
}
