package io.penstock.topics.admin;

import io.penstock.topics.manifest.Kind;
import io.penstock.topics.manifest.Manifest;
import io.penstock.topics.manifest.ManifestKey;
import java.io.IOException;
import java.util.Map;
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

/// `delete KIND NAME`: takes away what was installed. Exit codes: 0 taken away, 1 there is no such thing
/// or the cluster cannot be written, 2 wrong usage.
@Command(name = "delete", mixinStandardHelpOptions = true, description = "Takes away an objective, rewrite or pool.")
public final class DeleteCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "KIND",
            converter = KindConverter.class,
            description = "objective, rewrite or pool")
    private Kind kind = Kind.OBJECTIVE;

    @Parameters(index = "1", paramLabel = "NAME", description = "which one")
    private String name = "";

    @Option(names = "--dry-run", description = "says what would change, and changes nothing")
    private boolean dryRun;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine line = Objects.requireNonNull(spec, "picocli sets it").commandLine();
        ManifestStore store = new ManifestStore(cluster.client(), cluster.topics());
        ManifestKey key = new ManifestKey(kind, name);
        try {
            Map<ManifestKey, Manifest> installed = store.read(Set.of(kind));
            Manifest manifest = installed.get(key);
            if (manifest == null) {
                line.getErr().println(kind.document() + " " + name + " is not installed.");
                return 1;
            }
            if (!dryRun) {
                store.delete(key);
            }
            line.getOut().println(manifest.id() + " deleted" + (dryRun ? " (dry run)" : ""));
            return 0;
        } catch (KafkaException e) {
            line.getErr().println("Not deleted: " + e.getMessage());
            return 1;
        }
    }
}
