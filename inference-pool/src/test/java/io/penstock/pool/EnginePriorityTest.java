package io.penstock.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.client.EngineRequest;
import io.penstock.pool.metrics.EngineType;
import io.penstock.topics.id.Band;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnginePriorityTest {
    private static final EngineRequest CALL =
            new EngineRequest("/v1/completions", Map.of("X-Request-Id", "r"), new byte[] {'{', '}'}, Duration.ZERO);
    private static final EngineAsks ASKS = new EngineAsks(true, false);

    @Test
    void anyInteractiveCallIsBeforeAnyDurableOneAndHighBeforeLowWithinEach() {
        assertThat(Stream.concat(
                                Stream.of(Band.values()).map(EnginePriority::interactive),
                                Stream.of(Band.values()).map(EnginePriority::durable))
                        .map(EnginePriority::value))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aNormalCallStandsWhereOneThatSaysNothingDoes() {
        assertThat(EnginePriority.interactive(Band.NORMAL).value()).isZero();
    }

    @Test
    void theHeaderSaysItAndTheBodyStaysAsItCame() {
        EngineRequest sent = ASKS.of(CALL, EngineType.VLLM, EnginePriority.durable(Band.LOW));

        assertThat(sent.headers()).isEqualTo(Map.of("X-Request-Id", "r", "X-Vllm-Priority", "4"));
        assertThat(sent.body()).isSameAs(CALL.body());
    }

    @Test
    void nothingIsSaidUnlessItIsAskedFor() {
        assertThat(EngineAsks.NONE.of(CALL, EngineType.VLLM, EnginePriority.durable(Band.LOW)))
                .isSameAs(CALL);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "VLLM")
    void enginesThatDoNotReadItAreNotTold(EngineType type) {
        assertThat(ASKS.of(CALL, type, EnginePriority.durable(Band.LOW))).isSameAs(CALL);
    }
}
