package io.penstock.router;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {
    @Test
    void fiveDeathsInTenMinutesAreReplacedAndTheSixthIsNot() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T12:00:00Z"));
        RestartBudget budget = new RestartBudget(now::get);
        IllegalStateException death = new IllegalStateException("died");

        for (int i = 0; i < RestartBudget.DEATHS_MAX; i++) {
            assertThat(budget.handle(death)).isEqualTo(REPLACE_THREAD);
        }
        assertThat(budget.handle(death)).isEqualTo(SHUTDOWN_CLIENT);
        now.updateAndGet(at -> at.plus(Duration.ofMinutes(10)).plusMillis(1));
        assertThat(budget.handle(death)).isEqualTo(REPLACE_THREAD);
    }
}
