package io.penstock.standalone.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/// Leaves the terminal to a command's own output: only warnings are logged, unless PENSTOCK_LOG_LEVEL
/// asks for more.
final class Quiet {
    private Quiet() {}

    static void please() {
        if (System.getenv("PENSTOCK_LOG_LEVEL") == null
                && LoggerFactory.getLogger("io.penstock") instanceof Logger logger) {
            logger.setLevel(Level.WARN);
        }
    }
}
