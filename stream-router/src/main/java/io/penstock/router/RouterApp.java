package io.penstock.router;

import io.penstock.router.ledger.LedgerMetrics;
import io.penstock.router.succession.Succession;
import io.penstock.service.Health;
import io.penstock.service.Service;
import io.penstock.topics.catalogue.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Properties;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The router as a running client of a Kafka cluster.
public final class RouterApp implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(RouterApp.class);

    private static final Duration CLOSE_MAX = Duration.ofSeconds(30);

    private final Succession succession;
    private final KafkaStreams streams;
    private volatile Runnable whenStopped = () -> {};
    private final RouterConfig.OnClose onClose;

    /// A router that is not yet started.
    public RouterApp(Topics topics, RouterConfig config, LedgerMetrics metrics, InstantSource clock) {
        Properties settings = StreamsSettings.of(config, topics);
        this.succession = Succession.of(settings);
        this.streams = new KafkaStreams(RouterTopology.build(topics, config, metrics), settings);
        this.onClose = config.tuning().onClose();
        streams.setUncaughtExceptionHandler(new RestartBudget(config.tuning().threadDeathsMax(), clock));
        streams.setStateListener(this::changed);
    }

    private void changed(KafkaStreams.State now, KafkaStreams.State before) {
        LOG.atInfo().addKeyValue("from", before).addKeyValue("to", now).log("router state changed");
        succession.changed(now);
        if (now.hasCompletedShutdown()) {
            whenStopped.run();
        }
    }

    @Override
    public String name() {
        return "router";
    }

    /// Ends what a former life of this name left open, then starts it; returns within seconds, also if
    /// Kafka is away. `health` says when it does its work: after its state is there.
    @Override
    public void start() {
        succession.begin();
        streams.start();
    }

    /// True while it is processing.
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /// Up while it is processing.
    public Health health() {
        return Health.of(isRunning(), "streams are " + streams.state());
    }

    /// Runs `action` once it has stopped for good, by `close` or because its threads kept dying. To be
    /// set before `start`.
    public void onStopped(Runnable action) {
        whenStopped = action;
    }

    /// Stops it within 30 s, or fails.
    @Override
    public void close() {
        if (!close(CLOSE_MAX)) {
            throw new IllegalStateException("the router did not stop within " + CLOSE_MAX);
        }
    }

    /// Stops it within `timeout` and says whether it did. A broker of ours must not be stopped before
    /// this has returned true: a stream thread that loses its broker while closing never ends.
    public boolean close(Duration timeout) {
        CloseOptions.GroupMembershipOperation operation = switch (onClose) {
            case REMAIN_IN_GROUP -> CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP;
            case LEAVE_GROUP -> CloseOptions.GroupMembershipOperation.LEAVE_GROUP;
        };
        succession.close();
        boolean closed = streams.close(CloseOptions.timeout(timeout).withGroupMembershipOperation(operation));
        if (closed && streams.state() == KafkaStreams.State.NOT_RUNNING) {
            succession.endedInOrder();
        }
        return closed;
    }
}
