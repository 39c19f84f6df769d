package io.penstock.standalone.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.standalone.crash.Findings.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The whole matrix, about 20 minutes, written to `docs/crash-matrix.md`; not part of
/// `mvn verify`. `-Dcrash.cases=name,name` runs some cases only and writes nothing.
class CrashMatrix {
    private static final List<String> CHOSEN = chosen();
    private static final List<Row> ROWS = new ArrayList<>();

    private static ProgramClasses classes = ProgramClasses.ofThisTest();

    @BeforeAll
    static void makeClasses() throws Exception {
        classes = ProgramClasses.asInTheImage(Matrix.RUNS.resolve("classes"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Timeout(600)
    void nothingIsMissingAndNothingIsDouble(CrashCase crash) throws Exception {
        Row row;
        try {
            row = Matrix.run(crash, classes);
        } catch (Exception | AssertionError e) {
            Fault fault = new Fault(Findings.Kind.BROKEN_OFF, crash.name(), e.toString());
            ROWS.add(new Row(
                    crash, 0, new Findings(List.of(fault), 0), OptionalLong.empty(), OptionalLong.empty(), Double.NaN));
            throw e;
        }
        ROWS.add(row);
        System.out.print(MatrixPage.line(row));
        assertThat(row.findings().isClean()).as("%s", row.findings()).isTrue();
    }

    static List<CrashCase> cases() {
        return Matrix.all().stream()
                .filter(crash -> CHOSEN.isEmpty() || CHOSEN.contains(crash.name()))
                .toList();
    }

    @AfterAll
    static void write() throws Exception {
        if (CHOSEN.isEmpty()) {
            Files.writeString(
                    Path.of("..", "docs", "crash-matrix.md"),
                    MatrixPage.of(ROWS, MatrixPage.machine(LocalDate.now(ZoneOffset.UTC))));
        }
    }

    private static List<String> chosen() {
        String names = System.getProperty("crash.cases", "");
        return names.isEmpty() ? List.of() : List.of(names.split(",", -1));
    }
}
