package io.penstock.topics.admin;

import io.penstock.topics.manifest.Kind;
import io.penstock.topics.manifest.Manifest;
import io.penstock.topics.manifest.ManifestTable;
import io.penstock.topics.manifest.ManifestWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `get KIND [NAME]`: shows what is installed. Exit codes: 0 shown, 1 there is no such thing or the
/// cluster cannot be read, 2 wrong usage.
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = "Shows the objectives, rewrites or pools that are installed.")
public final class GetCommand implements Callable<Integer> {
    enum Output {
        table,
        yaml
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "KIND",
            converter = KindConverter.class,
            description = "objectives, rewrites or pools")
    private Kind kind = Kind.OBJECTIVE;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "one of them; all if it is left out")
    private @Nullable String name;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}; yaml can be applied again")
    private Output output = Output.table;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws IOException {
        List<Manifest> found;
        try {
            found = new ManifestStore(cluster.client(), cluster.topics())
                    .read(Set.of(kind)).values().stream()
                            .filter(manifest -> name == null || manifest.name().equals(name))
                            .toList();
        } catch (KafkaException e) {
            commandLine().getErr().println("Not read: " + e.getMessage());
            return 1;
        }
        if (found.isEmpty() && name != null) {
            commandLine().getErr().println(kind.document() + " " + name + " is not installed.");
            return 1;
        }
        PrintWriter out = commandLine().getOut();
        switch (output) {
            case table -> out.print(ManifestTable.of(kind, found));
            case yaml -> ManifestTable.inOrder(found).forEach(manifest -> out.print(ManifestWriter.yaml(manifest)));
        }
        out.flush();
        return 0;
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec, "picocli sets it").commandLine();
    }
}
