package io.penstock.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every Java file is laid out by palantir-java-format. It runs as a test because the formatter needs
/// the JDK 25 that the tests run on, while Maven itself may run on an older one.
/// `-Dtest.jvm.flags=-Dtest.format=apply` writes the files instead of failing.
class FormatTest {
    private final Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .build());

    @Test
    void everyFileIsFormatted() throws IOException {
        boolean apply = "apply".equals(System.getProperty("test.format"));
        List<Path> unformatted = new ArrayList<>();
        for (Path file : Sources.java()) {
            String source = Sources.text(file);
            String formatted = formatted(file, source);
            if (!formatted.equals(source)) {
                if (apply) {
                    Files.writeString(file, formatted);
                } else {
                    unformatted.add(Sources.ROOT.relativize(file));
                }
            }
        }
        assertThat(unformatted)
                .as("run: mvn -pl standalone -am test -Dtest=FormatTest -Dsurefire.failIfNoSpecifiedTests=false"
                        + " -Dtest.jvm.flags=-Dtest.format=apply")
                .isEmpty();
    }

    private String formatted(Path file, String source) {
        try {
            return formatter.formatSourceAndFixImports(source);
        } catch (FormatterException e) {
            throw new AssertionError("the formatter cannot read " + file, e);
        }
    }
}
