package io.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.simulator.engine.EngineLimits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimulatorMainTest {
    @Test
    void optionsAreReadInAnyOrder() {
        SimulatorConfig config = SimulatorMain.parse(List.of(
                "--kv-blocks",
                "500",
                "--max-num-seqs",
                "7",
                "--profile",
                "qwen-32b-2xh100",
                "--model",
                "a",
                "--model",
                "b",
                "--port",
                "0",
                "--seed",
                "9",
                "--speedup",
                "2.5",
                "--shutdown-timeout",
                "30"));
        EngineLimits limits = config.engine().config().limits();
        assertThat(limits.numGpuBlocks()).isEqualTo(500);
        assertThat(limits.maxNumSeqs()).isEqualTo(7);
        assertThat(limits.maxModelLen()).isEqualTo(499 * 16);
        assertThat(config.models()).containsExactly("a", "b");
        assertThat(config.engine().speedup()).isEqualTo(2.5);
        assertThat(config.answers().seed()).isEqualTo(9);
        assertThat(config.shutdownTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({
        "--port,abc,--port must be a number",
        "--port,70000,port must be 0 to 65535",
        "--profile,gpu9000,unknown profile 'gpu9000'; known: tiny",
        "--what,1,--what 1: unknown option",
        "--speedup,0,speedup must be more than 0",
        "--kv-blocks,1,numGpuBlocks must be at least 2"
    })
    void aBadOptionIsNamed(String option, String value, String message) {
        assertThatThrownBy(() -> SimulatorMain.parse(List.of(option, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
