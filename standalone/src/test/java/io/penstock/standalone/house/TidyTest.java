package io.penstock.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// House rules a machine can check.
class TidyTest {
    private static final int LINES_MAX = 400;
    private static final Pattern SLEEP = Pattern.compile("Thread\\.sleep\\(");
    private static final Map<String, Pattern> BANNED = Map.of(
            "the wall clock instead of an injected one",
                    Pattern.compile("System\\.currentTimeMillis|Instant\\.now\\(\\)"),
            "work left over", Pattern.compile("//.*\\b(TODO|FIXME|XXX)\\b"),
            "a test switched off", Pattern.compile("@Disabled\\b"));

    @Test
    void noFileIsLongerThanAReaderHolds() {
        assertThat(Sources.java())
                .allSatisfy(file -> assertThat(Sources.text(file).lines().count())
                        .as(name(file))
                        .isLessThanOrEqualTo(LINES_MAX));
    }

    @Test
    void noFileHoldsWhatTheHouseForbids() {
        for (Path file : Sources.java()) {
            if (!file.endsWith("TidyTest.java")) {
                BANNED.forEach((what, pattern) -> assertThat(
                                pattern.matcher(Sources.text(file)).find())
                        .as("%s: %s", name(file), what)
                        .isFalse());
            }
        }
    }

    @Test
    void noTestSleeps() {
        assertThat(Sources.java())
                .filteredOn(file -> file.toString().contains("/src/test/") && !file.endsWith("TidyTest.java"))
                .noneMatch(file -> SLEEP.matcher(Sources.text(file)).find());
    }

    @Test
    void everyPackageHasAChapterHeading() {
        List<Path> folders = Sources.java().stream()
                .filter(file -> file.toString().contains("/src/main/java/"))
                .map(file -> file.resolveSibling("package-info.java"))
                .distinct()
                .toList();
        assertThat(folders).allSatisfy(info -> {
            assertThat(info).exists();
            assertThat(Sources.text(info))
                    .as(name(info))
                    .containsPattern("///|/\\*\\*")
                    .contains("@NullMarked");
        });
    }

    private static String name(Path file) {
        return Sources.ROOT.relativize(file).toString();
    }
}
