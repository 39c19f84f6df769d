package io.penstock.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What operators are given (dashboard, alerts, scaling, plain manifests) speaks of what there is.
class OperationsTest {
    private static final Path CHART = Sources.ROOT.resolve("k8s").resolve("penstock");
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern METRIC = Pattern.compile("penstock_[a-z_]+");
    private static final String SUFFIX = "_(bucket|sum|count|max)$";

    /// A metric and its labels in a table of `docs/metrics.md`.
    private static final Pattern ROW =
            Pattern.compile("^\\| `(penstock_\\w+)` \\|[^|]*\\|[^|]*\\| ([^|]*) \\|", Pattern.MULTILINE);

    private static final Pattern QUERY = Pattern.compile("^ *(?:expr|query): (.*)$", Pattern.MULTILINE);
    private static final Pattern SELECTED = Pattern.compile("(\\w+)(?:=~|!~|!=|=)\"");
    private static final Pattern GROUPED = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)");

    /// Labels that Prometheus gives itself.
    private static final Set<String> FROM_SCRAPING = Set.of("instance", "job", "le", "namespace", "pod");

    @Test
    void everyMetricOfTheDashboardAndTheAlertsExists() throws IOException {
        Set<String> known = metrics(Sources.ROOT.resolve("docs").resolve("metrics.md"));
        Set<String> used = new TreeSet<>();
        for (String file : List.of("dashboards/penstock.json", "templates/monitoring.yaml", "templates/scaling.yaml")) {
            used.addAll(metrics(CHART.resolve(file)));
        }

        assertThat(used).hasSizeGreaterThan(20);
        assertThat(used.stream().map(name -> name.replaceFirst(SUFFIX, ""))).isSubsetOf(known);
    }

    @Test
    void everyPanelShowsAMetricAndGroupsByLabelsItHas() {
        Map<String, Set<String>> labels = labels();
        List<String> shown = new ArrayList<>();
        for (JsonNode panel : JSON.readTree(Sources.text(CHART.resolve("dashboards/penstock.json")))
                .path("panels")) {
            if (!panel.path("type").asString().equals("row")) {
                assertThat(panel.path("targets"))
                        .as(panel.path("title").asString())
                        .isNotEmpty();
                panel.path("targets")
                        .forEach(target -> shown.add(target.path("expr").asString()));
            }
        }
        for (String template : List.of("templates/monitoring.yaml", "templates/scaling.yaml")) {
            Matcher query = QUERY.matcher(Sources.text(CHART.resolve(template)));
            while (query.find()) {
                shown.add(query.group(1));
            }
        }

        assertThat(shown).hasSizeGreaterThan(40);
        assertThat(shown).allSatisfy(query -> {
            Set<String> metrics = named(METRIC, query, 0);
            assertThat(metrics).isNotEmpty();
            Set<String> known = new TreeSet<>(FROM_SCRAPING);
            metrics.forEach(metric -> known.addAll(labels.getOrDefault(metric.replaceFirst(SUFFIX, ""), Set.of())));
            Set<String> used = named(SELECTED, query, 1);
            for (String list : named(GROUPED, query, 1)) {
                used.addAll(List.of(list.split(", *")));
            }
            used.remove("");
            assertThat(known).containsAll(used);
        });
    }

    @Test
    void thePlainManifestsAreWhatTheChartRenders() throws Exception {
        OtherPrograms.need("helm", "whether k8s/plain is up to date is not known");

        OtherPrograms.passes(Sources.ROOT, Sources.ROOT.resolve("k8s/render").toString(), "--check");
    }

    @Test
    void theChartPassesItsTests() throws Exception {
        OtherPrograms.need("untt", "the chart's unit tests (helm-unittest) are not run");

        OtherPrograms.passes(CHART, "untt", ".");
    }

    @Test
    void theAlertsPassTheirTests(@TempDir Path dir) throws Exception {
        OtherPrograms.need("helm", "the tests of the alerts are not run");
        OtherPrograms.need("promtool", "the tests of the alerts are not run");
        String rendered = OtherPrograms.passes(
                CHART,
                "helm",
                "template",
                "penstock",
                ".",
                "--namespace=ns",
                "--kube-version=1.34.0",
                "--values=ci/default-values.yaml",
                "--set=monitoring.rules.enabled=true",
                "--show-only=templates/monitoring.yaml");
        Object rules = new Load(LoadSettings.builder().build()).loadFromString(rendered);
        JSON.writeValue(dir.resolve("rules.yaml").toFile(), ((Map<?, ?>) rules).get("spec"));
        Files.copy(CHART.resolve("tests/alerts.promtool.yaml"), dir.resolve("tests.yaml"));

        OtherPrograms.passes(dir, "promtool", "check", "rules", "rules.yaml");
        OtherPrograms.passes(dir, "promtool", "test", "rules", "tests.yaml");
    }

    private static Set<String> metrics(Path file) {
        return named(METRIC, Sources.text(file), 0);
    }

    /// The labels of each metric, as `docs/metrics.md` has them.
    private static Map<String, Set<String>> labels() {
        Map<String, Set<String>> labels = new HashMap<>();
        Matcher row = ROW.matcher(Sources.text(Sources.ROOT.resolve("docs").resolve("metrics.md")));
        while (row.find()) {
            labels.computeIfAbsent(row.group(1), _ -> new TreeSet<>())
                    .addAll(List.of(row.group(2).split(", *")));
        }
        return labels;
    }

    private static Set<String> named(Pattern pattern, String text, int group) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(group))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
