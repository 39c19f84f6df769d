package io.penstock.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What operators are given (dashboard, alerts, scaling, plain manifests) speaks of what there is.
class OperationsTest {
    private static final Path CHART = Sources.ROOT.resolve("k8s").resolve("penstock");
    private static final Pattern METRIC = Pattern.compile("penstock_[a-z_]+");

    @Test
    void everyMetricOfTheDashboardAndTheAlertsExists() throws IOException {
        Set<String> known = metrics(Sources.ROOT.resolve("docs").resolve("metrics.md"));
        Set<String> used = new TreeSet<>();
        for (String file : List.of("dashboards/penstock.json", "templates/monitoring.yaml", "templates/scaling.yaml")) {
            used.addAll(metrics(CHART.resolve(file)));
        }

        assertThat(used).hasSizeGreaterThan(20);
        assertThat(used.stream().map(name -> name.replaceFirst("_(bucket|sum|count|max)$", "")))
                .isSubsetOf(known);
    }

    @Test
    void thePlainManifestsAreWhatTheChartRenders() throws Exception {
        boolean helm = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "helm")));
        assumeTrue(helm, "no helm on the PATH: whether k8s/plain is up to date is not known");

        Process render = new ProcessBuilder(Sources.ROOT.resolve("k8s/render").toString(), "--check")
                .redirectErrorStream(true)
                .start();
        String difference = new String(render.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(render.waitFor()).as("run k8s/render\n%s", difference).isZero();
    }

    private static Set<String> metrics(Path file) {
        return METRIC.matcher(Sources.text(file))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
