package io.penstock.standalone.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MatrixPageTest {
    private static final CrashCase CRASH = new CrashCase("worker", "worker: SIGKILL", "next result", _ -> {});

    @Test
    void aTimeBeyondTheGoalIsInBoldAndOneThatIsNotThereIsADash() {
        assertThat(MatrixPage.line(row(OptionalLong.of(10_460), OptionalLong.empty())))
                .isEqualTo("| worker: SIGKILL | 304 | 0 | 0 | 0 | **10.5** | next result | – | 2 |\n");
        assertThat(MatrixPage.line(row(OptionalLong.of(0), OptionalLong.of(49))))
                .contains("| 0.0 | next result | 0.0 |");
    }

    @Test
    void nothingIsMeasuredBeforeTheBlow() {
        assertThatThrownBy(() -> row(OptionalLong.of(1), OptionalLong.of(-30)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-30");
        assertThatThrownBy(() -> row(OptionalLong.of(-1), OptionalLong.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Row row(OptionalLong resumeMs, OptionalLong inFlightMs) {
        return new Row(CRASH, 304, new Findings(List.of(), 2), resumeMs, inFlightMs, 3.0);
    }
}
