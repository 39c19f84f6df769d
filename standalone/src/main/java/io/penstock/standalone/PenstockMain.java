package io.penstock.standalone;

import io.penstock.pool.discovery.JvmDnsCache;
import io.penstock.standalone.command.BatchCommand;
import io.penstock.standalone.command.DemoCommand;
import io.penstock.standalone.command.OperatorCalls;
import io.penstock.standalone.command.UpCommand;
import io.penstock.topics.admin.ApplyCommand;
import io.penstock.topics.admin.DeleteCommand;
import io.penstock.topics.admin.GetCommand;
import io.penstock.topics.admin.TenantCommand;
import io.penstock.topics.admin.TopicsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `penstock` command. Exit codes: 0 done, 1 failed, 2 wrong usage; subcommands may add their own.
@Command(
        name = "penstock",
        mixinStandardHelpOptions = true,
        version = "Penstock 0.1.0",
        description = "Durable, GPU-aware batch inference on Kafka.",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            BatchCommand.class,
            OperatorCalls.class,
            ApplyCommand.class,
            GetCommand.class,
            DeleteCommand.class,
            TenantCommand.class,
            TopicsCommand.class
        })
public final class PenstockMain {
    private PenstockMain() {}

    /// Runs one command; never returns.
    public static void main(String[] arguments) {
        JvmDnsCache.keepShortly();
        System.exit(commandLine().execute(arguments));
    }

    /// All commands.
    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new PenstockMain());
        command.setExecutionExceptionHandler((failure, line, _) -> {
            line.getErr().println("penstock: " + (failure.getMessage() == null ? failure : failure.getMessage()));
            if (Boolean.getBoolean("penstock.trace")) {
                failure.printStackTrace(line.getErr());
            }
            return 1;
        });
        return command;
    }
}
