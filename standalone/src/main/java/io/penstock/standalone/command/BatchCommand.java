package io.penstock.standalone.command;

import picocli.CommandLine.Command;

/// `penstock batch …`: whole jobs over files.
@Command(
        name = "batch",
        mixinStandardHelpOptions = true,
        subcommands = BatchRunCommand.class,
        description = "Runs batch jobs over files.")
public final class BatchCommand {}
