package io.penstock.pool.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.pool.EngineLoad;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineTypeTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void sglangsTensorRanksTellOfTheSameRequestsAndItsDataRanksOfTheirOwn() {
        EngineLoad load = read(EngineType.SGLANG, """
            # TYPE sglang:num_running_reqs gauge
            sglang:num_running_reqs{engine_type="unified",model_name="m",tp_rank="0",dp_rank="0"} 7.0
            sglang:num_running_reqs{engine_type="unified",model_name="m",tp_rank="1",dp_rank="0"} 7.0
            sglang:num_running_reqs{engine_type="unified",model_name="m",tp_rank="0",dp_rank="1"} 2.0
            sglang:num_queue_reqs{model_name="m",tp_rank="0"} 3.0
            sglang:token_usage{model_name="m",tp_rank="0"} 0.28
            sglang:token_usage{model_name="m",tp_rank="1"} 0.31
            sglang:max_total_num_tokens{model_name="m",tp_rank="0"} 128000.0
            sglang:max_total_num_tokens{model_name="m",tp_rank="1"} 128000.0
            sglang:num_retracted_requests_total{model_name="m"} 4.0
            """);

        assertThat(load.running()).hasValue(9);
        assertThat(load.waiting()).hasValue(3);
        assertThat(load.kvUse()).hasValue(0.31);
        assertThat(load.capacityTokens()).hasValue(128_000);
        assertThat(load.preemptions()).hasValue(4);
    }

    @Test
    void sglangsCacheMayBeToldInPages() {
        EngineLoad load = read(EngineType.SGLANG, """
            sglang:token_usage 0.5
            sglang:cache_config_info{page_size="64",num_pages="2000"} 1.0
            """);

        assertThat(load.capacityTokens()).hasValue(128_000);
    }

    @Test
    void trtllmServeTellsBlocksAndTheirSize() {
        EngineLoad load = read(EngineType.TRTLLM_SERVE, """
            trtllm_num_requests_running{model_name="m"} 5.0
            trtllm_num_requests_waiting{model_name="m"} 1.0
            trtllm_kv_cache_utilization{model_name="m"} 0.4
            trtllm_kv_cache_max_blocks{model_name="m"} 1000.0
            trtllm_kv_cache_tokens_per_block{model_name="m"} 32.0
            """);

        assertThat(load.running()).hasValue(5);
        assertThat(load.waiting()).hasValue(1);
        assertThat(load.kvUse()).hasValue(0.4);
        assertThat(load.capacityTokens()).hasValue(32_000);
    }

    @Test
    void tritonTellsAFractionOrWhatItIsMadeOf() {
        String page = """
            nv_trt_llm_request_metrics{model="ensemble",request_type="waiting",version="1"} 2
            nv_trt_llm_request_metrics{model="ensemble",request_type="scheduled",version="1"} 6
            nv_trt_llm_request_metrics{model="ensemble",request_type="max",version="1"} 64
            nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="used",model="ensemble"} 300
            nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="max",model="ensemble"} 1200
            nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="tokens_per",model="ensemble"} 64
            """;
        EngineLoad old = read(EngineType.TRITON_TENSORRT_LLM, page);
        assertThat(old.running()).hasValue(6);
        assertThat(old.waiting()).hasValue(2);
        assertThat(old.kvUse()).hasValue(0.25);
        assertThat(old.capacityTokens()).hasValue(76_800);

        EngineLoad today = read(
                EngineType.TRITON_TENSORRT_LLM,
                page + "nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type=\"fraction\",model=\"e\"} 0.5\n");
        assertThat(today.kvUse()).hasValue(0.5);
    }

    @Test
    void llamaCppTellsOfRequestsOnly() {
        EngineLoad load = read(EngineType.LLAMA_CPP, """
            # TYPE llamacpp:requests_processing gauge
            llamacpp:requests_processing 2
            llamacpp:requests_deferred 1
            """);

        assertThat(load.running()).hasValue(2);
        assertThat(load.waiting()).hasValue(1);
        assertThat(load.kvUse()).isEmpty();
        assertThat(load.capacityTokens()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aPageOfSomethingElseIsNoAccountOfAnyType(EngineType type) {
        assertThat(type.read("<html>It works!</html>\nup 1\n{} 3\n", NOW)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeIsFoundByItsName(EngineType type) {
        assertThat(EngineType.named(type.wireName())).isEqualTo(type);
    }

    @Test
    void anUnknownTypeIsRefusedWithTheNamesThereAre() {
        assertThatThrownBy(() -> EngineType.named("vlm"))
                .hasMessageContaining("unknown engine type 'vlm'; known: vllm, sglang, trtllm-serve");
    }

    private static EngineLoad read(EngineType type, String page) {
        return Objects.requireNonNull(type.read(page, NOW));
    }
}
