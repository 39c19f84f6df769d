package io.penstock.standalone.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A batch outlives whatever dies in its middle: the part of the crash matrix that every build runs.
class CrashIT {
    @ParameterizedTest
    @MethodSource("cases")
    @Timeout(300)
    void nothingIsMissingAndNothingIsDouble(CrashCase crash) throws Exception {
        Row row = Matrix.run(crash);

        assertThat(row.findings().isClean()).as("%s", row.findings()).isTrue();
        if (crash.equals(WorkerCases.DRAIN)) {
            assertThat(row.findings().duplicateExecutions())
                    .as("a drained worker repeats no request")
                    .isZero();
        }
    }

    static List<CrashCase> cases() {
        return List.of(
                WorkerCases.RUNNING,
                WorkerCases.ZOMBIE,
                WorkerCases.DRAIN,
                RouterCases.MID_TRANSACTION,
                BatchesCases.EXPANSION,
                SurroundingCases.BROKER);
    }
}
