package io.penstock.router;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What to do about a stream thread that died: replace it, unless more than `deathsMax` have died within 10
/// minutes. Then something is wrong that a new thread does not cure, and the client stops, so that its health
/// check fails and the process is replaced.
///
/// Threads that died because Kafka was away are always replaced and not counted: a new process would find no
/// more of Kafka than a new thread does, however long the outage lasts.
public final class RestartBudget implements StreamsUncaughtExceptionHandler {
    /// Deaths within 10 minutes, unless set otherwise.
    public static final int DEATHS_MAX = 5;

    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Logger LOG = LoggerFactory.getLogger(RestartBudget.class);

    private final int deathsMax;
    private final InstantSource clock;
    private final Deque<Instant> deaths = new ArrayDeque<>();

    /// A fresh budget, counted by `clock`.
    public RestartBudget(int deathsMax, InstantSource clock) {
        this.deathsMax = deathsMax;
        this.clock = clock;
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable exception) {
        return switch (CauseOfDeath.of(exception)) {
            case KAFKA_AWAY -> {
                LOG.atWarn()
                        .addKeyValue("reason", exception.toString())
                        .log("stream thread gave up waiting for Kafka, replacing it");
                yield StreamThreadExceptionResponse.REPLACE_THREAD;
            }
            case OTHER -> count(exception);
        };
    }

    private synchronized StreamThreadExceptionResponse count(Throwable exception) {
        Instant now = clock.instant();
        deaths.add(now);
        deaths.removeIf(death -> death.plus(WINDOW).isBefore(now));
        boolean replace = deaths.size() <= deathsMax;
        LOG.atError()
                .addKeyValue("deaths", deaths.size())
                .setCause(exception)
                .log(replace ? "stream thread died, replacing it" : "stream threads keep dying, stopping");
        return replace ? StreamThreadExceptionResponse.REPLACE_THREAD : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
}
