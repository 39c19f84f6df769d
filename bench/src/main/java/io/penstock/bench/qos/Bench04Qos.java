package io.penstock.bench.qos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// 04: what a batch does to chat, and what is left for the batch, under different ways of running it, and
/// when the engines' metrics say little.
///
/// Arguments: the scenarios to run, by the names they have on the page (`S0`, `S4-frozen`; default all, then
/// `S4` under each other condition, and `S0` where chat alone may feel it), `--out DIR` for the page and its
/// plots, `--waves N` for another number of waves than 4.
public final class Bench04Qos {
    private Bench04Qos() {}

    private record Entry(Scenario scenario, Condition condition) {}

    /// Runs the first scenario once for nothing, and all one after the other, prints a row for each, and writes the
    /// page if told where.
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        List<String> names = new ArrayList<>(Arrays.asList(arguments));
        String out = option(names, "--out");
        Path dir = out == null ? null : Path.of(out);
        String waves = option(names, "--waves");
        QosPlan plan = waves == null ? QosPlan.DEFAULT : QosPlan.DEFAULT.waves(Integer.parseInt(waves));
        List<QosResult> results = new ArrayList<>();
        System.out.print(QosReport.HEAD);
        List<Entry> entries = entries(names);
        warmUp(plan, entries.getFirst());
        for (Entry entry : entries) {
            QosResult result = new QosRun(plan, entry.scenario(), entry.condition()).run();
            results.add(result);
            System.out.print(QosReport.row(plan, result, results));
            if (dir != null) {
                Files.createDirectories(dir.resolve("benchmarks"));
                Files.writeString(
                        dir.resolve("benchmarks").resolve(result.name().toLowerCase(Locale.ROOT) + ".svg"),
                        QosPlot.svg(plan, result));
                Files.writeString(dir.resolve("benchmarks.md"), QosPage.of(plan, results));
            }
        }
        System.out.print("\n" + QosReport.goals(plan, results));
    }

    /// In a fresh JVM chat is some 5 % slower; the first scenario, which is the others' base, is not to be.
    private static void warmUp(QosPlan plan, Entry first) throws Exception {
        var _ = new QosRun(plan, first.scenario(), first.condition()).run();
    }

    private static Entry entry(String name) {
        String[] parts = name.split("-", 2);
        return new Entry(Scenario.valueOf(parts[0]), parts.length == 1 ? Condition.NORMAL : Condition.named(parts[1]));
    }

    private static List<Entry> entries(List<String> names) {
        if (!names.isEmpty()) {
            return names.stream().map(Bench04Qos::entry).toList();
        }
        List<Entry> entries = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            entries.add(new Entry(scenario, Condition.NORMAL));
        }
        for (Condition other : Condition.values()) {
            if (other != Condition.NORMAL) {
                if (other.touchesChat()) {
                    entries.add(new Entry(Scenario.S0, other));
                }
                entries.add(new Entry(Scenario.S4, other));
            }
        }
        return entries;
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
