package io.penstock.router.batches;

import io.penstock.payload.PayloadStore;
import io.penstock.router.RestartBudget;
import io.penstock.router.succession.Succession;
import io.penstock.service.Health;
import io.penstock.service.Metrics;
import io.penstock.service.Service;
import io.penstock.topics.catalogue.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The batches application, running. Its topics must exist before it starts.
///
/// A thread that dies is replaced; when they die again and again (`RestartBudget`) the application stops, and its
/// readiness says so.
public final class BatchesApp implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(BatchesApp.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

    private final Succession succession;
    private final KafkaStreams streams;
    private final CountDownLatch running = new CountDownLatch(1);
    private volatile Runnable whenStopped = () -> {};

    /// The application, its metrics being shown nowhere.
    public BatchesApp(Topics topics, BatchesConfig config, BatchesAppConfig appConfig, PayloadStore payloads) {
        this(topics, config, appConfig, payloads, new Metrics());
    }

    public BatchesApp(
            Topics topics, BatchesConfig config, BatchesAppConfig appConfig, PayloadStore payloads, Metrics metrics) {
        Properties settings = BatchesProperties.of(topics, appConfig);
        succession = Succession.of(settings);
        streams = new KafkaStreams(BatchesTopology.build(topics, config, payloads, metrics), settings);
        streams.setStateListener((state, _) -> {
            succession.changed(state);
            if (state == KafkaStreams.State.RUNNING || state.hasCompletedShutdown()) {
                running.countDown();
            }
            if (state.hasCompletedShutdown()) {
                whenStopped.run();
            }
        });
        streams.setUncaughtExceptionHandler(new RestartBudget(appConfig.threadDeathsMax(), InstantSource.system()));
    }

    @Override
    public String name() {
        return "batches";
    }

    /// Ends what a former life of this name left open, starts, and waits until it works on batches; after a minute (a
    /// long restore) it goes on starting
    /// by itself.
    @Override
    public void start() throws InterruptedException {
        succession.begin();
        streams.start();
        if (!running.await(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            LOG.atWarn().addKeyValue("waited", START_TIMEOUT).log("batches application is still starting");
        }
    }

    /// Runs `action` once it has stopped for good, by `close` or because its threads kept dying. To be
    /// set before `start`.
    public void onStopped(Runnable action) {
        whenStopped = action;
    }

    /// Up while batches are being worked on: started, not rebalancing, not failed.
    public Health.Check readiness() {
        return new Health.Check(
                name(),
                () -> Health.of(
                        streams.state() == KafkaStreams.State.RUNNING,
                        "batches application is " + streams.state().name().toLowerCase(Locale.ROOT)));
    }

    /// The Kafka Streams instance, for its metrics.
    public KafkaStreams streams() {
        return streams;
    }

    /// Commits and stops; its tasks stay assigned to this instance's name for as long as a session
    /// lasts (6 s), so that a restart takes them up again without a rebalance. Call it before the
    /// broker or the payload store go.
    @Override
    public void close() {
        succession.close();
        boolean closed = streams.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
        if (closed && streams.state() == KafkaStreams.State.NOT_RUNNING) {
            succession.endedInOrder();
        }
        if (!closed) {
            LOG.atWarn().addKeyValue("waited", CLOSE_TIMEOUT).log("batches application did not stop in time");
        }
    }
}
