package io.penstock.router.batches;

import io.penstock.payload.PayloadStore;
import io.penstock.topics.catalogue.Topics;
import java.time.Duration;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The batches application, running: start it once, ask whether it is healthy, close it.
///
/// Its topics must exist. A thread that dies is replaced; one that dies again and again closes the application,
/// which `isHealthy` then says.
public final class BatchesApp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BatchesApp.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final KafkaStreams streams;

    public BatchesApp(Topics topics, BatchesConfig config, BatchesAppConfig appConfig, PayloadStore payloads) {
        streams = new KafkaStreams(
                BatchesTopology.build(topics, config, payloads), BatchesProperties.of(topics, appConfig));
        RestartBudget budget = new RestartBudget(System::nanoTime);
        streams.setUncaughtExceptionHandler(e -> {
            boolean replace = budget.mayRestart();
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("replaced", replace)
                    .log("a thread of the batches application died");
            return replace
                    ? StreamThreadExceptionResponse.REPLACE_THREAD
                    : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    }

    /// Starts the threads and returns at once.
    public void start() {
        streams.start();
    }

    /// True while batches are being worked on: started, not rebalancing, not failed.
    public boolean isReady() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /// False once it has failed for good and only a new start helps.
    public boolean isHealthy() {
        return !streams.state().hasCompletedShutdown() && streams.state() != KafkaStreams.State.PENDING_ERROR;
    }

    /// The Kafka Streams instance, for its metrics.
    public KafkaStreams streams() {
        return streams;
    }

    /// Commits and stops; its tasks stay assigned to this instance's name for as long as a session lasts (6 s), so that
    /// a restart takes them up again without a rebalance. Call it before the broker or the payload store go.
    @Override
    public void close() {
        boolean closed = streams.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
        if (!closed) {
            LOG.atWarn().addKeyValue("waited", CLOSE_TIMEOUT).log("batches application did not stop in time");
        }
    }
}
