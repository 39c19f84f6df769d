package io.penstock.standalone.command;

import io.penstock.standalone.Standalone;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchJob;
import io.penstock.standalone.client.BatchProgress;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `penstock batch run`: works one file off and exits. Exit codes: 0 every line was answered well, 3
/// some lines are in the error file, 1 the batch was rejected or did not complete.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Works a batch file off and writes what came back.")
public final class BatchRunCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private EngineOptions engines = new EngineOptions();

    @Option(
            names = {"-i", "--input"},
            required = true,
            description = "the batch file: one OpenAI batch input line per line")
    private Path input = Path.of("");

    @Option(
            names = {"-o", "--output"},
            required = true,
            description = "where to write the output lines; errors go beside it, as <name>.errors")
    private Path output = Path.of("");

    @Option(
            names = "--endpoint",
            defaultValue = "/v1/chat/completions",
            description = "the lines' url; default ${DEFAULT-VALUE}")
    private String endpoint = "";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "a running Penstock's API, such as http://127.0.0.1:8080/v1; "
                    + "without it, one is started for this job and stopped after it")
    private @Nullable URI url;

    @Option(
            names = "--data",
            defaultValue = ".penstock",
            description = "where a started Penstock keeps its data; default ${DEFAULT-VALUE}")
    private Path dataDir = Path.of("");

    @Override
    public Integer call() throws Exception {
        Quiet.please();
        if (!Files.isReadable(input)) {
            throw new IOException("cannot read the input file " + input);
        }
        if (url != null) {
            return run(url, () -> Double.NaN);
        }
        try (Standalone penstock = Standalone.start(engines.toOptions(dataDir, "127.0.0.1", 0, 0))) {
            return run(penstock.apiUri(), penstock::kvUse);
        }
    }

    private int run(URI api, DoubleSupplier kvUse) throws IOException, InterruptedException {
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        ProgressPrinter printer = new ProgressPrinter(out, ProgressPrinter.onTerminal(), kvUse);
        try (BatchClient client = new BatchClient(api)) {
            BatchProgress end = new BatchJob(client).run(input, endpoint, printer::show);
            printer.end();
            Path errors = output.resolveSibling(output.getFileName() + ".errors");
            download(client, end.outputFileId(), output);
            if (end.errorFileId() != null) {
                download(client, end.errorFileId(), errors);
            }
            return report(end, errors, out);
        }
    }

    private int report(BatchProgress end, Path errors, PrintWriter out) {
        if (end.error() != null) {
            out.println("The batch was rejected: " + end.error());
            return 1;
        }
        out.printf("%d of %d lines answered → %s%n", end.completed(), end.total(), output);
        if (end.failed() > 0) {
            out.printf("%d lines failed → %s%n", end.failed(), errors);
        }
        return !end.status().equals("completed") ? 1 : end.failed() > 0 ? 3 : 0;
    }

    /// Written beside its place and moved there whole, so that a broken download is never taken for an
    /// output.
    private static void download(BatchClient client, @Nullable String fileId, Path target) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(part))) {
            client.download(fileId, file);
        }
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
}
