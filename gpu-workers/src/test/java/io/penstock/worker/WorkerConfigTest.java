package io.penstock.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointMonitor.Cadence;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.pool.kv.GatePolicy;
import io.penstock.topics.id.WorkerId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a worker is not started with.
class WorkerConfigTest {
    private static final WorkerConfig GOOD =
            WorkerConfig.of(new WorkerId("w"), EngineSources.named(List.of(Endpoint.at(URI.create("http://a:1")))));
    private static final Duration STALE = GatePolicy.DEFAULT.limits().staleAfter();

    @Test
    void metricsThatAreReadLessThanTwiceWhileTheyCountAsFreshAreRefused() {
        Duration half = STALE.dividedBy(2);
        Duration fast = Duration.ofMillis(1);
        assertThat(GOOD.watching(new Cadence(half, half)).cadence().longest()).isEqualTo(half);

        for (Cadence slow : List.of(new Cadence(half.plusMillis(1), fast), new Cadence(fast, half.plusMillis(1)))) {
            assertThatThrownBy(() -> GOOD.watching(slow))
                    .hasMessageStartingWith("gate.stale.ms must be at least twice metrics.interval.ms and"
                            + " metrics.busy.interval.ms, but was " + STALE.toMillis());
        }
    }

    @Test
    void aWorkerWithoutEnginesIsRefused() {
        assertThatThrownBy(() -> WorkerConfig.of(new WorkerId("w"), EngineSources.named(List.of())))
                .hasMessage("engines must name at least one address, and it is empty");
    }
}
