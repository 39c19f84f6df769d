package io.penstock.standalone.command;

import io.penstock.standalone.demo.Demo;
import io.penstock.standalone.demo.Percentiles;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/// What a person wants to read at the end of the demonstration. KV figures are shares from 0 to 1.
record DemoSummary(
        int lines, int faulty, Percentiles alone, Demo.Beside beside, double kvMean, double kvPeak, long preemptions) {

    /// Prints the summary; returns 0 if every line came back exactly once and ended as it should, else
    /// 1.
    int print(PrintWriter out) {
        double seconds = beside.took().toMillis() / 1000.0;
        out.println();
        row(
                out,
                "Batch",
                String.format(
                        Locale.ROOT,
                        "%s: %d of %d lines came back, %d answered, %d refused by the engine (%d were faulty)",
                        beside.end().status(),
                        beside.audit().answered(),
                        lines,
                        beside.end().completed(),
                        beside.end().failed(),
                        faulty));
        row(
                out,
                "Lost / twice",
                String.format(
                        Locale.ROOT,
                        "%d / %d",
                        beside.audit().missing().size(),
                        beside.audit().repeated().size()));
        row(out, "Speed", String.format(Locale.ROOT, "%.1f s, %.1f lines/s", seconds, lines / seconds));
        row(
                out,
                "Chat TTFT",
                String.format(
                        Locale.ROOT,
                        "alone p50 %s p95 %s (%d calls) · beside the batch p50 %s p95 %s (%d calls)",
                        ms(alone.p50()),
                        ms(alone.p95()),
                        alone.samples(),
                        ms(beside.chat().p50()),
                        ms(beside.chat().p95()),
                        beside.chat().samples()));
        row(out, "Chat failed", String.format(Locale.ROOT, "%d", beside.chatFailures()));
        row(
                out,
                "KV cache",
                String.format(
                        Locale.ROOT,
                        "mean %.0f %%, peak %.0f %%; the batch may fill 75 %%; preemptions %d",
                        kvMean * 100,
                        kvPeak * 100,
                        preemptions));
        out.flush();
        return beside.audit().isExact()
                        && beside.end().status().equals("completed")
                        && beside.end().failed() == faulty
                ? 0
                : 1;
    }

    private static void row(PrintWriter out, String name, String text) {
        out.println(String.format(Locale.ROOT, "%-13s%s", name, text));
    }

    private static String ms(Duration duration) {
        return duration.toMillis() + " ms";
    }
}
