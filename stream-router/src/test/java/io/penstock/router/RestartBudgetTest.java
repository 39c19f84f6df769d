package io.penstock.router;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T12:00:00Z"));
    private final RestartBudget budget = new RestartBudget(RestartBudget.DEATHS_MAX, now::get);

    @Test
    void fiveDeathsInTenMinutesAreReplacedAndTheSixthIsNot() {
        IllegalStateException death = new IllegalStateException("died");

        for (int i = 0; i < RestartBudget.DEATHS_MAX; i++) {
            assertThat(budget.handle(death)).isEqualTo(REPLACE_THREAD);
        }
        assertThat(budget.handle(death)).isEqualTo(SHUTDOWN_CLIENT);
        now.updateAndGet(at -> at.plus(Duration.ofMinutes(10)).plusMillis(1));
        assertThat(budget.handle(death)).isEqualTo(REPLACE_THREAD);
    }

    @Test
    void anOutageOfKafkaUsesUpNothing() {
        StreamsException death = new StreamsException("no commit", new TimeoutException("after 60000ms"));

        for (int i = 0; i < 10 * RestartBudget.DEATHS_MAX; i++) {
            assertThat(budget.handle(death)).isEqualTo(REPLACE_THREAD);
        }
        for (int i = 0; i < RestartBudget.DEATHS_MAX; i++) {
            assertThat(budget.handle(new IllegalStateException("died"))).isEqualTo(REPLACE_THREAD);
        }
    }

    @Test
    void whatKafkaAnswersIsNoOutage() {
        TimeoutException missing =
                new TimeoutException("not present in metadata", new UnknownTopicOrPartitionException("no such topic"));

        assertThat(CauseOfDeath.of(new StreamsException(missing))).isEqualTo(CauseOfDeath.OTHER);
        assertThat(CauseOfDeath.of(new StreamsException(new TopicAuthorizationException("results"))))
                .isEqualTo(CauseOfDeath.OTHER);
    }
}
