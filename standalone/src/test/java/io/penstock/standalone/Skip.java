package io.penstock.standalone;

import static org.junit.jupiter.api.Assumptions.abort;

/// Skips a test that needs what this machine does not have, and says so in one line of the build's output.
public final class Skip {
    private Skip() {}

    public static void because(String reason) {
        System.out.println("Skipped: " + reason + ".");
        abort(reason);
    }
}
