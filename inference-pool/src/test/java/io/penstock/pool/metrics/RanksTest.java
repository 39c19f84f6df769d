package io.penstock.pool.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.kv.EndpointGate;
import io.penstock.pool.kv.Gate;
import io.penstock.pool.kv.GatePolicy;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Servers with several data-parallel ranks.
class RanksTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private static final String FOUR_VLLM_RANKS = """
        vllm:num_requests_running{engine="0",model_name="m"} 40.0
        vllm:num_requests_running{engine="1",model_name="m"} 2.0
        vllm:num_requests_running{engine="2",model_name="m"} 3.0
        vllm:num_requests_running{engine="3",model_name="m"} 1.0
        vllm:num_requests_waiting{engine="0",model_name="m"} 9.0
        vllm:num_requests_waiting{engine="1",model_name="m"} 0.0
        vllm:num_requests_waiting{engine="2",model_name="m"} 1.0
        vllm:num_requests_waiting{engine="3",model_name="m"} 0.0
        vllm:kv_cache_usage_perc{engine="0",model_name="m"} 1.0
        vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.1
        vllm:kv_cache_usage_perc{engine="2",model_name="m"} 0.2
        vllm:kv_cache_usage_perc{engine="3",model_name="m"} 0.1
        """;

    @Test
    void vllmsRanksHaveTheCacheOfAllAndAFullOneClosesNothing() {
        EngineLoad load = read(EngineType.VLLM, FOUR_VLLM_RANKS + """
            vllm:cache_config_info{block_size="16",engine="0",kv_cache_size_tokens="10000",num_gpu_blocks="2500"} 1.0
            vllm:cache_config_info{block_size="16",engine="1",kv_cache_size_tokens="10000",num_gpu_blocks="2500"} 1.0
            vllm:cache_config_info{block_size="16",engine="2",kv_cache_size_tokens="10000",num_gpu_blocks="2500"} 1.0
            vllm:cache_config_info{block_size="16",engine="3",kv_cache_size_tokens="10000",num_gpu_blocks="2500"} 1.0
            """);

        assertThat(load.running()).hasValue(46);
        assertThat(load.waiting()).hasValue(10);
        assertThat(load.queue()).as("the shortest").hasValue(0);
        assertThat(load.kvUse()).hasValue(0.35);
        assertThat(load.capacityTokens()).hasValue(40_000);
        EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);
        gate.observe(load);
        assertThat(gate.gate(NOW)).extracting(Gate::signal).isEqualTo(Gate.Signal.KV);
        assertThat(gate.gate(NOW).spare().low()).isEqualTo(30_000 - 14_000);
    }

    @Test
    void vllmGivesTheBlocksOfAllRanksOnEach() {
        EngineLoad load = read(EngineType.VLLM, FOUR_VLLM_RANKS + """
            vllm:cache_config_info{block_size="16",engine="0",num_gpu_blocks="2500"} 1.0
            vllm:cache_config_info{block_size="16",engine="1",num_gpu_blocks="2500"} 1.0
            vllm:cache_config_info{block_size="16",engine="2",num_gpu_blocks="2500"} 1.0
            vllm:cache_config_info{block_size="16",engine="3",num_gpu_blocks="2500"} 1.0
            """);

        assertThat(load.capacityTokens()).hasValue(40_000);
        assertThat(load.kvUse()).hasValue(0.35);
    }

    @Test
    void ranksOfDifferentSizeWeighByIt() {
        EngineLoad load = read(EngineType.VLLM, """
            vllm:num_requests_running{engine="0"} 1
            vllm:kv_cache_usage_perc{engine="0"} 0.5
            vllm:kv_cache_usage_perc{engine="1"} 0.1
            vllm:cache_config_info{engine="0",kv_cache_size_tokens="30000"} 1
            vllm:cache_config_info{engine="1",kv_cache_size_tokens="10000"} 1
            """);

        assertThat(load.kvUse()).hasValue(0.4);
        assertThat(load.capacityTokens()).hasValue(40_000);
    }

    @Test
    void whenRequestsWaitAtEveryRankTheGateCloses() {
        EngineLoad load = read(EngineType.VLLM, """
            vllm:num_requests_running{engine="0"} 64
            vllm:num_requests_running{engine="1"} 64
            vllm:num_requests_waiting{engine="0"} 9
            vllm:num_requests_waiting{engine="1"} 6
            vllm:kv_cache_usage_perc{engine="0"} 0.1
            vllm:kv_cache_usage_perc{engine="1"} 0.1
            vllm:cache_config_info{engine="0",kv_cache_size_tokens="10000"} 1
            vllm:cache_config_info{engine="1",kv_cache_size_tokens="10000"} 1
            """);

        assertThat(load.queue()).hasValue(6);
        EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);
        gate.observe(load);
        assertThat(gate.gate(NOW)).isEqualTo(Gate.closed(Gate.Signal.WAITING));
    }

    @Test
    void aRankThatDoesNotTellWhyItsRequestsWaitCountsThemAll() {
        EngineLoad load = read(EngineType.VLLM, """
            vllm:num_requests_waiting{engine="0"} 9
            vllm:num_requests_waiting_by_reason{engine="0",reason="capacity"} 2
            vllm:num_requests_waiting_by_reason{engine="0",reason="deferred"} 7
            vllm:num_requests_waiting{engine="1"} 3
            """);

        assertThat(load.waiting()).hasValue(5);
        assertThat(load.queue()).hasValue(2);
    }

    @Test
    void severalFrontEndsOfOneRankTellOfTheSameRequests() {
        EngineLoad load = read(EngineType.VLLM, """
            vllm:num_requests_running{engine="0",pid="11"} 7
            vllm:num_requests_running{engine="0",pid="12"} 7
            vllm:num_preemptions_total{engine="0",pid="11"} 3
            vllm:num_preemptions_total{engine="0",pid="12"} 4
            """);

        assertThat(load.running()).hasValue(7);
        assertThat(load.preemptions()).hasValue(4);
        assertThat(load.waiting()).isEmpty();
        assertThat(load.queue()).isEmpty();
    }

    @Test
    void sglangsRanksHaveTheCacheOfAllHoweverItIsToldAndGetRequestsInTurn() {
        String page = """
            sglang:num_running_reqs{dp_rank="0",tp_rank="0"} 9
            sglang:num_running_reqs{dp_rank="0",tp_rank="1"} 9
            sglang:num_running_reqs{dp_rank="1",tp_rank="0"} 1
            sglang:num_queue_reqs{dp_rank="0",tp_rank="0"} 13
            sglang:num_queue_reqs{dp_rank="1",tp_rank="0"} 0
            sglang:token_usage{dp_rank="0",tp_rank="0"} 0.8
            sglang:token_usage{dp_rank="0",tp_rank="1"} 0.9
            sglang:token_usage{dp_rank="1",tp_rank="0"} 0.1
            """;
        String inTokens = """
            sglang:max_total_num_tokens{dp_rank="0",tp_rank="0"} 64000
            sglang:max_total_num_tokens{dp_rank="1",tp_rank="0"} 64000
            """;
        String inPages = """
            sglang:cache_config_info{dp_rank="0",page_size="64",num_pages="1000"} 1
            sglang:cache_config_info{dp_rank="1",page_size="64",num_pages="1000"} 1
            """;
        for (String capacity : new String[] {inTokens, inPages}) {
            EngineLoad load = read(EngineType.SGLANG, page + capacity);
            assertThat(load.running()).hasValue(10);
            assertThat(load.waiting()).hasValue(13);
            assertThat(load.queue()).as("the mean").hasValue(7);
            assertThat(load.kvUse()).hasValue(0.5);
            assertThat(load.capacityTokens()).hasValue(128_000);
        }
    }

    private static EngineLoad read(EngineType type, String page) {
        return Objects.requireNonNull(type.read(page, NOW));
    }
}
