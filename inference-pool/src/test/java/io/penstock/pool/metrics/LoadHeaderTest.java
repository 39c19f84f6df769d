package io.penstock.pool.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadHeaderTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    /// As Python's json.dumps writes it.
    @Test
    void useAndQueueAreRead() {
        assertThat(LoadHeader.read(
                        "JSON {\"named_metrics\": {\"kv_cache_usage_perc\": 0.3125, \"num_requests_waiting\": 2.0}}",
                        NOW))
                .isEqualTo(new EngineLoad(
                        OptionalInt.empty(),
                        OptionalInt.of(2),
                        OptionalInt.of(2),
                        OptionalDouble.of(0.3125),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        NOW));
    }

    @Test
    void whatIsMissingOrOutOfRangeIsUnknown() {
        EngineLoad load = Objects.requireNonNull(LoadHeader.read(
                "JSON {\"named_metrics\":{\"kv_cache_usage_perc\":1.5,\"num_requests_waiting\":0.0}}", NOW));
        assertThat(load.kvUse()).isEmpty();
        assertThat(load.waiting()).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "JSON",
                "JSON {",
                "JSON []",
                "JSON {\"named_metrics\":{}}",
                "JSON {\"named_metrics\":{\"kv_cache_usage_perc\":NaN}}",
                "JSON {\"named_metrics\":{\"kv_cache_usage_perc\":\"0.5\"}}",
                "TEXT named_metrics.kv_cache_usage_perc=0.5"
            })
    void whatCannotBeReadTellsNothing(String value) {
        assertThat(LoadHeader.read(value, NOW)).isNull();
    }

    @Test
    void headsAreReadWithThePageOfOneRankOnWhichNothingIsDeferred() {
        assertThat(agree("vllm:num_requests_running{engine=\"0\"} 1")).isTrue();
        assertThat(agree("""
            vllm:num_requests_running{engine="0"} 1
            vllm:num_requests_waiting_by_reason{engine="0",reason="capacity"} 3
            vllm:num_requests_waiting_by_reason{engine="0",reason="deferred"} 0
            """)).isTrue();
        assertThat(agree("""
            vllm:num_requests_running{engine="0"} 1
            vllm:num_requests_running{engine="1"} 1
            """)).isFalse();
        assertThat(agree("""
            vllm:num_requests_running{engine="0"} 1
            vllm:num_requests_waiting_by_reason{engine="0",reason="deferred"} 1
            """)).isFalse();
    }

    private static boolean agree(String page) {
        return Objects.requireNonNull(EngineType.VLLM.read(page, NOW)).answersAgree();
    }
}
