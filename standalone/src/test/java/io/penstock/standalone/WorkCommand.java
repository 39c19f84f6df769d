package io.penstock.standalone;

import io.penstock.standalone.command.OperatorCalls;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/// `penstock work …`, run in this JVM.
final class WorkCommand {
    private WorkCommand() {}

    /// What a command printed, and its exit code.
    record Said(int exit, String out, String err) {}

    /// The command at the API of `penstock`.
    static Said at(Standalone penstock, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", penstock.apiUri().toString()));
        return say(all.toArray(String[]::new));
    }

    static Said say(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(new OperatorCalls())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, line, _) -> {
                    line.getErr().println(failure.getMessage());
                    return 1;
                })
                .execute(arguments);
        return new Said(exit, out.toString(), err.toString());
    }
}
