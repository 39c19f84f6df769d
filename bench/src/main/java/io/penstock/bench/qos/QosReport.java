package io.penstock.bench.qos;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The results as a table.
final class QosReport {
    private QosReport() {}

    static final String HEAD = """
        | scenario | chat TTFT p50 / p95 / p99, ms | × S0 at p95 | between words p50 / p95, ms | batch lines/s | in bursts | × S1 | KV mean / max | waiting max | preemptions | runs per line | chats failed |
        |---|---|---|---|---|---|---|---|---|---|---|---|
        """;

    /// The row of `result`, compared with S0 and S1 where they were run.
    static String row(QosResult result, List<QosResult> all) {
        return String.format(
                Locale.ROOT,
                "| %s: %s | %.0f / %.0f / %.0f | %s | %.1f / %.1f | %.2f | %.2f | %s | %.0f %% / %.0f %% | %d | %d |"
                        + " %.3f | %d of %d |%n",
                result.scenario(),
                result.scenario().title,
                result.firstWord().percentile(0.50),
                result.firstWord().percentile(0.95),
                result.firstWord().percentile(0.99),
                ratio(result.firstWord().percentile(0.95), chatAlone(all)),
                result.betweenWords().percentile(0.50),
                result.betweenWords().percentile(0.95),
                result.linesPerSecond(),
                result.inBursts() / (result.seconds() / 2),
                ratio(result.linesPerSecond(), thrown(all)),
                100 * result.kvMean(),
                100 * result.kvMax(),
                result.waitingMax(),
                result.preemptions(),
                result.executions(),
                result.failed(),
                result.chats());
    }

    private static double chatAlone(List<QosResult> all) {
        return figure(all, Scenario.S0, result -> result.firstWord().percentile(0.95));
    }

    private static double thrown(List<QosResult> all) {
        return figure(all, Scenario.S1, QosResult::linesPerSecond);
    }

    private static double figure(List<QosResult> all, Scenario scenario, ToDoubleFunction<QosResult> figure) {
        return all.stream()
                .filter(result -> result.scenario() == scenario)
                .mapToDouble(figure)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static String ratio(double value, double base) {
        return Double.isNaN(base) ? "–" : String.format(Locale.ROOT, "%.2f", value / base);
    }
}
