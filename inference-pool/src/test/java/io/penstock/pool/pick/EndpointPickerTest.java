package io.penstock.pool.pick;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EndpointState.Readiness;
import io.penstock.pool.EngineLoad;
import io.penstock.topics.id.ModelName;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndpointPickerTest {
    private static final ModelName MODEL = new ModelName("m");

    private final EndpointPicker picker = new EndpointPicker(new Random(1));

    @Test
    void theShorterQueueWins() {
        assertThat(pick(candidate("a", 3, 0.1, 0), candidate("b", 0, 0.1, 0))).isEqualTo("b");
    }

    @Test
    void theEmptierCacheWins() {
        assertThat(pick(candidate("a", 0, 0.2, 0), candidate("b", 0, 0.6, 0))).isEqualTo("a");
    }

    @Test
    void whatWasSentSinceTheLastAccountCountsAsQueued() {
        assertThat(pick(candidate("a", 0, 0.1, 4), candidate("b", 1, 0.1, 0))).isEqualTo("b");
    }

    @Test
    void equalsAreChosenByLot() {
        Set<String> chosen = IntStream.range(0, 100)
                .mapToObj(_ -> pick(candidate("a", 0, 0.1, 0), candidate("b", 0, 0.1, 0)))
                .collect(Collectors.toSet());
        assertThat(chosen).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void whyNowhereIsSaid() {
        Candidate down = new Candidate(
                new EndpointState(
                        Endpoint.at(URI.create("http://a")), new Readiness.NotReady("x"), Map.of(MODEL, 0), null),
                0,
                0);
        assertThat(picker.pick(MODEL, List.of(down))).isEqualTo(new Pick.NoneReady());
        assertThat(picker.pick(new ModelName("other"), List.of(down))).isEqualTo(new Pick.UnknownModel());
        assertThat(picker.pick(MODEL, List.of())).isEqualTo(new Pick.UnknownModel());
    }

    private String pick(Candidate... candidates) {
        Pick pick = picker.pick(MODEL, List.of(candidates));
        assertThat(pick).isInstanceOf(Pick.Chosen.class);
        return ((Pick.Chosen) pick).endpoint().baseUri().getHost();
    }

    private static Candidate candidate(String host, int waiting, double kvUse, int sentSince) {
        EngineLoad load = new EngineLoad(0, waiting, OptionalDouble.of(kvUse), OptionalLong.of(1000), 0, Instant.EPOCH);
        return new Candidate(
                new EndpointState(
                        Endpoint.at(URI.create("http://" + host)), new Readiness.Ready(), Map.of(MODEL, 0), load),
                sentSince,
                sentSince);
    }
}
