package io.penstock.bench.qos;

import io.penstock.pool.kv.Ceilings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The results as a table.
final class QosReport {
    private QosReport() {}

    /// After so long without chat, none of it is left at the engines.
    private static final Duration SETTLED = Duration.ofSeconds(10);

    static final String HEAD = """
        | scenario | chat TTFT p50 / p95 / p99, ms | × S0 at p95 | between words p50 / p95, ms | batch lines/s | in bursts | × S1 | KV mean / max / max without chat | waiting max | preemptions | runs per line | chats failed |
        |---|---|---|---|---|---|---|---|---|---|---|---|
        """;

    /// The row of `result`, compared with S0 and S1 where they were run.
    static String row(QosPlan plan, QosResult result, List<QosResult> all) {
        return String.format(
                Locale.ROOT,
                "| %s: %s | %.0f / %.0f / %.0f | %s | %.1f / %.1f | %.2f | %.2f | %s | %.0f / %.0f / %.1f %% | %d | %d"
                        + " | %.3f | %d of %d |%n",
                result.name(),
                result.title(),
                result.firstWord().percentile(0.50),
                result.firstWord().percentile(0.95),
                result.firstWord().percentile(0.99),
                ratio(result.firstWord().percentile(0.95), chatAlone(all, result.condition())),
                result.betweenWords().percentile(0.50),
                result.betweenWords().percentile(0.95),
                result.linesPerSecond(),
                result.burstLinesPerSecond(plan),
                ratio(result.linesPerSecond(), thrown(all)),
                100 * result.kvMean(),
                100 * result.kvMax(),
                100 * result.kvMaxWithoutChat(plan, SETTLED),
                result.waitingMax(),
                result.preemptions(),
                result.executions(),
                result.failed(),
                result.chats());
    }

    /// Which goals the ways that run through Penstock met; the ceiling of background work is that of the
    /// default configuration, and one request may be beyond it.
    static String goals(QosPlan plan, List<QosResult> all) {
        StringBuilder table = new StringBuilder("""
            | scenario | chat TTFT p95 at most 1.10 × S0 | batch lines at least 0.95 × what chat leaves | no preemption more than in S0 | KV without chat at most one request above the ceiling |
            |---|---|---|---|---|
            """);
        double request = (double) (plan.promptTokens() + plan.outputTokens()) / plan.kvCapacityTokens();
        double ceiling = Ceilings.DEFAULT.low() + request;
        double preemptions = figure(all, Scenario.S0, QosResult::preemptions);
        double left = plan.engines() * Frontier.left(plan);
        for (QosResult result : all) {
            if (result.scenario().isPenstock()) {
                double ttft = result.firstWord().percentile(0.95) / chatAlone(all, result.condition());
                double lines = result.linesPerSecond() / left;
                double kv = result.kvMaxWithoutChat(plan, SETTLED);
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %s |%n",
                        result.name(),
                        mark(ttft <= 1.10, ttft),
                        mark(lines >= 0.95, lines),
                        mark(result.preemptions() <= preemptions, (double) result.preemptions()),
                        mark(kv <= ceiling, kv)));
            }
        }
        return table.toString();
    }

    private static String mark(boolean met, double figure) {
        return (met ? "met" : Double.isNaN(figure) ? "–" : "missed") + String.format(Locale.ROOT, " (%.3f)", figure);
    }

    /// Chat's p95 without a batch, under the same condition if chat feels it.
    private static double chatAlone(List<QosResult> all, Condition condition) {
        Condition base = condition.touchesChat() ? condition : Condition.NORMAL;
        return figure(all, Scenario.S0, base, result -> result.firstWord().percentile(0.95));
    }

    private static double thrown(List<QosResult> all) {
        return figure(all, Scenario.S1, QosResult::linesPerSecond);
    }

    private static double figure(List<QosResult> all, Scenario scenario, ToDoubleFunction<QosResult> figure) {
        return figure(all, scenario, Condition.NORMAL, figure);
    }

    private static double figure(
            List<QosResult> all, Scenario scenario, Condition condition, ToDoubleFunction<QosResult> figure) {
        return all.stream()
                .filter(result -> result.scenario() == scenario && result.condition() == condition)
                .mapToDouble(figure)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static String ratio(double value, double base) {
        return Double.isNaN(base) ? "–" : String.format(Locale.ROOT, "%.2f", value / base);
    }
}
