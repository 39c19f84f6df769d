package io.penstock.pool.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VllmMetricsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void aPageOfTodaysVllmIsRead() {
        EngineLoad load = read("""
            # HELP vllm:num_requests_running Number of requests in model execution batches.
            # TYPE vllm:num_requests_running gauge
            vllm:num_requests_running{engine="0",model_name="org/m"} 3.0
            vllm:num_requests_running{engine="1",model_name="org/m"} 4.0
            vllm:num_requests_waiting{engine="0",model_name="org/m"} 9.0
            vllm:num_requests_waiting_by_reason{engine="0",model_name="org/m",reason="capacity"} 2.0
            vllm:num_requests_waiting_by_reason{engine="0",model_name="org/m",reason="deferred"} 7.0
            vllm:kv_cache_usage_perc{engine="0",model_name="org/m"} 0.25
            vllm:kv_cache_usage_perc{engine="1",model_name="org/m"} 0.75
            vllm:cache_config_info{block_size="16",engine="0",kv_cache_size_tokens="4000",num_gpu_blocks="None"} 1.0
            vllm:num_preemptions_total{engine="0",model_name="org/m"} 5.0
            http_requests_total{handler="/v1/x",method="POST"} 1e+06
            """, NOW);

        assertThat(load.running()).hasValue(7);
        assertThat(load.waiting()).hasValue(2);
        assertThat(load.kvUse()).as("of both, one not telling its size").hasValue(0.5);
        assertThat(load.capacityTokens()).hasValue(4000);
        assertThat(load.preemptions()).hasValue(5);
    }

    @Test
    void olderNamesAreReadToo() {
        EngineLoad load = read("""
            vllm:num_requests_waiting{model_name="m"} 1
            vllm:gpu_cache_usage_perc{model_name="m"} 0.5 1700000000000
            vllm:cache_config_info{block_size="16",num_gpu_blocks="100"} 1
            """, NOW);

        assertThat(load.waiting()).hasValue(1);
        assertThat(load.kvUse()).hasValue(0.5);
        assertThat(load.capacityTokens()).hasValue(1600);
    }

    @Test
    void whatIsMissingOrUnreadableIsUnknownAndNotZero() {
        EngineLoad load = read("""
            vllm:num_requests_running 1
            vllm:kv_cache_usage_perc NaN
            vllm:cache_config_info{block_size=
            nonsense

            {} 1
            """, NOW);

        assertThat(load.kvUse()).isEmpty();
        assertThat(load.capacityTokens()).isEmpty();
    }

    @Test
    void theNewestAccountOfAdaptersCounts() {
        EngineLoad load = read("""
            vllm:num_requests_running 1
            vllm:lora_requests_info{max_lora="4",running_lora_adapters="old",waiting_lora_adapters=""} 1764331200.5
            vllm:lora_requests_info{max_lora="4",running_lora_adapters="a, b",waiting_lora_adapters="c"} 1764331201.5
            vllm:lora_requests_info{max_lora="4",running_lora_adapters="",waiting_lora_adapters=""} NaN
            """, NOW);

        assertThat(load.adapters()).isEqualTo(new EngineLoad.Adapters(4, Set.of("a", "b"), Set.of("c")));
        assertThat(read("vllm:num_requests_running 1", NOW).adapters()).isNull();
    }

    @Test
    void aPageThatTellsNothingOfLoadIsNoAccount() {
        assertThat(EngineType.VLLM.read("http_requests_total 1\n", NOW)).isNull();
    }

    private static EngineLoad read(String page, Instant at) {
        return Objects.requireNonNull(EngineType.VLLM.read(page, at));
    }

    @Test
    void labelsMayHoldAnything() {
        assertThat(PrometheusText.parse("m{a=\"x,\\\"}{ \",b=\"\"} 2", "m"::equals))
                .singleElement()
                .satisfies(sample -> {
                    assertThat(sample.value()).isEqualTo(2);
                    assertThat(sample.labels()).containsEntry("a", "x,\"}{ ").containsEntry("b", "");
                });
    }
}
