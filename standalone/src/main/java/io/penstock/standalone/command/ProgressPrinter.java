package io.penstock.standalone.command;

import io.penstock.standalone.client.BatchProgress;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/// Shows how far a batch is: one line that redraws itself on a terminal, a plain line every 5 seconds
/// elsewhere.
final class ProgressPrinter {
    private static final int BAR_CHARS = 30;
    private static final Duration PLAIN_EVERY = Duration.ofSeconds(5);

    private final PrintWriter out;
    private final boolean terminal;
    private final DoubleSupplier kvUse;
    private final long startedNanos = System.nanoTime();
    private long printedNanos = startedNanos - PLAIN_EVERY.toNanos();

    /// True if somebody is watching.
    @SuppressWarnings("SystemConsoleNull") // JDK 25 has none where output is redirected
    static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /// `kvUse` is the engines' KV cache use from 0 to 1, NaN if it is not known.
    ProgressPrinter(PrintWriter out, boolean terminal, DoubleSupplier kvUse) {
        this.out = out;
        this.terminal = terminal;
        this.kvUse = kvUse;
    }

    void show(BatchProgress batch) {
        long now = System.nanoTime();
        if (terminal) {
            out.print("\r\u001b[2K" + line(batch, now));
            out.flush();
        } else if (now - printedNanos >= PLAIN_EVERY.toNanos() || batch.isTerminal()) {
            printedNanos = now;
            out.println(line(batch, now));
            out.flush();
        }
    }

    void end() {
        if (terminal) {
            out.println();
            out.flush();
        }
    }

    private String line(BatchProgress batch, long now) {
        double seconds = (now - startedNanos) / 1e9;
        double rate = seconds > 0 ? batch.done() / seconds : 0;
        double share = batch.total() == 0 ? 0 : (double) batch.done() / batch.total();
        String eta = rate > 0 && !batch.isTerminal()
                ? "  ETA "
                        + Duration.ofSeconds(Math.round((batch.total() - batch.done()) / rate))
                                .toString()
                                .substring(2)
                                .toLowerCase(Locale.ROOT)
                : "";
        double kv = kvUse.getAsDouble();
        return String.format(
                Locale.ROOT,
                "%-11s %s%d/%d  %.0f lines/s%s%s%s",
                batch.status(),
                terminal ? bar(share) + " " : "",
                batch.done(),
                batch.total(),
                rate,
                eta,
                batch.failed() > 0 ? "  failed " + batch.failed() : "",
                Double.isNaN(kv) ? "" : String.format(Locale.ROOT, "  KV %.0f %%", kv * 100));
    }

    private static String bar(double share) {
        int filled = (int) Math.round(share * BAR_CHARS);
        return "█".repeat(filled) + "░".repeat(BAR_CHARS - filled);
    }
}
