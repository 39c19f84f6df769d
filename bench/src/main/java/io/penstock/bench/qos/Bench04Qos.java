package io.penstock.bench.qos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// 04: what a batch does to chat, and what is left for the batch, under different ways of running it.
///
/// Arguments: the scenarios to run (`S0` to `S6`, default all), `--out DIR` for the page and its plots,
/// `--waves N` for another number of waves than 2.
public final class Bench04Qos {
    private Bench04Qos() {}

    /// Runs the scenarios one after the other, prints a row for each, and writes the page if told where.
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        List<String> names = new ArrayList<>(Arrays.asList(arguments));
        String out = option(names, "--out");
        Path dir = out == null ? null : Path.of(out);
        String waves = option(names, "--waves");
        QosPlan plan = waves == null ? QosPlan.DEFAULT : QosPlan.DEFAULT.waves(Integer.parseInt(waves));
        List<Scenario> scenarios = names.isEmpty()
                ? List.of(Scenario.values())
                : names.stream().map(Scenario::valueOf).toList();
        List<QosResult> results = new ArrayList<>();
        System.out.print(QosReport.HEAD);
        for (Scenario scenario : scenarios) {
            QosResult result = new QosRun(plan, scenario).run();
            results.add(result);
            System.out.print(QosReport.row(result, results));
            if (dir != null) {
                Files.createDirectories(dir.resolve("benchmarks"));
                Files.writeString(
                        dir.resolve("benchmarks").resolve(scenario.name().toLowerCase(java.util.Locale.ROOT) + ".svg"),
                        QosPlot.svg(plan, result));
            }
        }
        if (dir != null) {
            Files.writeString(dir.resolve("benchmarks.md"), QosPage.of(plan, results));
        }
    }

    private static @Nullable String option(List<String> names, String option) {
        int at = names.indexOf(option);
        if (at < 0) {
            return null;
        }
        String value = names.get(at + 1);
        names.subList(at, at + 2).clear();
        return value;
    }
}
