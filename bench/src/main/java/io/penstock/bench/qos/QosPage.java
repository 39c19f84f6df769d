package io.penstock.bench.qos;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/// `docs/benchmarks.md`.
final class QosPage {
    private QosPage() {}

    static String of(QosPlan plan, List<QosResult> results) {
        StringBuilder page = new StringBuilder();
        page.append(String.format(
                Locale.ROOT,
                """
                # What a batch does to chat

                Written by `Bench04Qos` (bench/README.md has the command); do not edit.

                Two simulated engines (`%s`, %d of them, %s times real time) behind a real broker and real HTTP, everything in one JVM on %d cores. Chat of
                %d tokens in and %d out comes at %.0f calls a second in %d bursts of %d s with %d s after each; behind it lies more batch work of the same size
                than can be done. The shape is that of the benchmark published with llm-d's batch-gateway (issue 491). All times are the simulated engines' own;
                they include the machine's overhead, multiplied by the speed-up, and with it some hundredths of chance at p95 from run to run. Chat goes through Penstock's
                API, and in S1 to S3, which do without Penstock, to each engine in turn; so what S1 does is the batch's share beside the same chat. Ended at %s.

                - **× S0**: chat's TTFT at p95 over that without any batch, under the same condition. **× S1**: batch lines finished over those of a batch thrown at the engines.
                - **what chat leaves**: %.1f batch lines a second: what engines do that have no chat and are sent all they can take, and in the bursts %.2f for each engine, the most beside which chat's first
                  word comes at most %.2f times as late at p95, whoever sends them ([benchmarks-frontier.md](benchmarks-frontier.md)). S1 does more, and lets chat pay for it.
                - **in bursts**: batch lines a second while there is chat. **runs per line**: executions at the engines, aborted ones included, for each line that ended.

                """,
                plan.profile(),
                plan.engines(),
                plan.speedup(),
                Runtime.getRuntime().availableProcessors(),
                plan.promptTokens(),
                plan.outputTokens(),
                plan.chatsPerSecond(),
                plan.waves(),
                plan.burst().toSeconds(),
                plan.idle().toSeconds(),
                InstantSource.system().instant().truncatedTo(ChronoUnit.MINUTES),
                plan.engines() * Frontier.left(plan),
                Frontier.bearable(plan),
                Frontier.BEARABLE));
        page.append(QosReport.HEAD);
        results.forEach(result -> page.append(QosReport.row(plan, result, results)));
        page.append("\n## Goals\n\n").append(QosReport.goals(plan, results));
        page.append('\n');
        for (QosResult result : results) {
            String name = result.name();
            page.append(
                    String.format(Locale.ROOT, "![%s](benchmarks/%s.svg)%n%n", name, name.toLowerCase(Locale.ROOT)));
        }
        return page.toString();
    }
}
