package io.penstock.standalone.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// One shell, kept at hand: a signal through it takes a millisecond, while a new process for each would
/// take tens of them on a busy machine, and the moment to strike would have passed.
final class Signals {
    private static final Signals SHELL = new Signals();

    private final OutputStream in;
    private final BufferedReader out;

    private Signals() {
        try {
            Process shell = new ProcessBuilder("sh").redirectErrorStream(true).start();
            in = shell.getOutputStream();
            out = shell.inputReader(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends a signal, by its name without `SIG`.
    static void send(String signal, long pid) {
        run("kill -" + signal + " " + pid);
    }

    /// True once the process stands still after a `STOP`.
    static boolean isStopped(long pid) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        if (Files.exists(stat)) {
            String fields = Files.readString(stat);
            return fields.startsWith("T", fields.lastIndexOf(')') + 2);
        }
        return run("ps -o state= -p " + pid).strip().startsWith("T");
    }

    /// Runs a command of one line and returns what it said; fails if it failed.
    static String run(String command) {
        synchronized (SHELL) {
            try {
                SHELL.in.write((command + "; echo \"=$?\"\n").getBytes(StandardCharsets.UTF_8));
                SHELL.in.flush();
                return SHELL.answer(command);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private String answer(String command) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("=")) {
                if (!line.equals("=0")) {
                    throw new IllegalStateException(command + " failed with status " + line + ": " + said);
                }
                return said.toString();
            }
            said.append(line).append('\n');
        }
        throw new IllegalStateException("the shell has ended: " + said);
    }
}
