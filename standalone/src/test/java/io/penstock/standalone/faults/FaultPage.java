package io.penstock.standalone.faults;

import io.penstock.standalone.crash.Findings;
import io.penstock.standalone.crash.MatrixPage;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// The run as a page.
final class FaultPage {
    private FaultPage() {}

    static String of(List<FaultRow> rows, Outcome outcome, LocalDate date) {
        StringBuilder page = new StringBuilder("""
            # Fault table

            Written by `FaultTable` (the command is in [CONTRIBUTING.md](../CONTRIBUTING.md)). One installation on one machine, every process in a JVM of its own with
            default settings: three brokers that are controllers too (3 replicas, 2 in sync), two routers with both applications, two workers with a
            simulated engine each, two replicas of the API. Batches run the whole time, beside five streamed chat calls a second through both replicas of the
            API in turn, while one thing after the other goes wrong.

            - **length**: seconds from the fault to everything ready, all replicas in sync, and 8 s more.
            - **results**: requests that ended meanwhile, as a reader of committed records sees them.
            - **pause**: the longest time without a result that begins in this span; in bold above 10 s.
            - **after**: seconds from the moment the cause was gone (broker started again, wire mended, store back) to the next result. Work may have
              gone on long before.
            - **repeated**: executions of requests that an engine had got before, by the engines' own logs. Not a fault: what dies takes its answers along.
            - **chat**: calls that were due meanwhile, and those that failed: any end but a whole answer. A call that a replica refused to accept (no
              connection, or 503 `stopping`) and that the other one answered counts as answered; **moved** says how many. A replica that is rolled gets no new calls from a second before its SIGTERM, as
              Kubernetes does it. TTFT counts from the moment a call was due.
            - A *broker cut off* loses no connection, no byte passes: a relay stands in each of its wires to brokers and clients.

            """);
        page.append("Machine: ")
                .append(MatrixPage.machine(date))
                .append("; ")
                .append(outcome.load())
                .append(".\n\n");
        page.append(
                "| fault | length, s | results | pause, s | after, s | repeated | chat | failed | moved | TTFT p50, ms"
                        + " | p95, ms | seen |\n");
        page.append("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        rows.forEach(row -> page.append(line(row)));
        page.append('\n').append(summary(rows, outcome));
        return page.toString();
    }

    /// How it ended: what was submitted, what the checker says of it, how chat calls failed, how long it
    /// took and under which load.
    record Outcome(int lines, Findings findings, List<String> chatErrors, long seconds, String load) {
        Outcome {
            chatErrors = List.copyOf(chatErrors);
        }
    }

    /// A row of the table.
    static String line(FaultRow row) {
        List<String> seen = new ArrayList<>(row.notes());
        row.violations().forEach(violation -> seen.add("**" + inCell(violation) + "**"));
        FaultRow.Chat chat = row.chat();
        return "| " + row.fault().what() + " | " + seconds(row.lengthMs()) + " | " + row.results() + " | "
                + pause(row.pauseMs()) + " | " + after(row.afterMs()) + " | " + row.repeated() + " | " + chat.calls()
                + " | " + (chat.errors() == 0 ? "0" : "**" + chat.errors() + "**") + " | " + chat.moved() + " | "
                + millis(chat.p50Ms()) + " | " + millis(chat.p95Ms()) + " | " + String.join("; ", seen) + " |\n";
    }

    private static String summary(List<FaultRow> rows, Outcome outcome) {
        Findings findings = outcome.findings();
        long missing = findings.count(Findings.Kind.MISSING);
        long doubled = findings.count(Findings.Kind.DOUBLED);
        long other = findings.faults().stream()
                .filter(fault -> fault.kind() != Findings.Kind.MISSING && fault.kind() != Findings.Kind.DOUBLED)
                .count();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                """
                Of %d requests, %d are missing and %d are double, in the topic or in the files of their batches; other faults (counts that do not add up, a
                file that differs from the topic, a needless failure): %d. The checker is that of the [crash matrix](crash-matrix.md) and knows none of the
                product's counters. %d executions were repeated. %d of %d chat calls failed. The run took %d s.
                """,
                outcome.lines(),
                missing,
                doubled,
                other,
                findings.duplicateExecutions(),
                rows.stream().mapToInt(row -> row.chat().errors()).sum(),
                rows.stream().mapToInt(row -> row.chat().calls()).sum(),
                outcome.seconds()));
        findings.faults().stream()
                .limit(20)
                .forEach(fault -> text.append("\n- ").append(inCell(fault.toString())));
        outcome.chatErrors().stream()
                .limit(20)
                .forEach(error -> text.append("\n- chat: ").append(inCell(error)));
        return text.toString().stripTrailing() + "\n";
    }

    private static String inCell(String text) {
        String line = text.replace('\n', ' ').replace("|", "\\|");
        return line.substring(0, Math.min(300, line.length()));
    }

    private static String pause(OptionalLong millis) {
        if (millis.isEmpty()) {
            return "**for good**";
        }
        String seconds = seconds(millis.getAsLong());
        return millis.getAsLong() > FaultRow.GOAL.toMillis() ? "**" + seconds + "**" : seconds;
    }

    private static String after(OptionalLong millis) {
        return millis.isEmpty() ? "–" : seconds(millis.getAsLong());
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f", millis / 1000.0);
    }

    private static String millis(OptionalDouble millis) {
        return millis.isEmpty() ? "–" : String.format(Locale.ROOT, "%.0f", millis.getAsDouble());
    }
}
