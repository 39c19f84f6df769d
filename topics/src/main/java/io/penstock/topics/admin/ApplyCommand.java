package io.penstock.topics.admin;

import io.penstock.topics.manifest.ApplyPlan;
import io.penstock.topics.manifest.ApplyPlan.Action;
import io.penstock.topics.manifest.ApplyPlan.Change;
import io.penstock.topics.manifest.Findings;
import io.penstock.topics.manifest.Kind;
import io.penstock.topics.manifest.ManifestReader;
import io.penstock.topics.manifest.ManifestReader.Located;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `apply -f FILE|DIR|-`: installs objectives, rewrites and pools from Kubernetes documents. All
/// documents are read and checked before anything is written. Exit codes: 0 applied, 1 a document is
/// wrong or the cluster cannot be written, 2 wrong usage.
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = "Installs InferenceObjective, InferenceModelRewrite and InferencePool documents.")
public final class ApplyCommand implements Callable<Integer> {
    private final InstantSource clock = InstantSource.system();

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE|DIR|-",
            description = "a YAML or JSON file, a directory of such, or - for standard input; may be repeated")
    private List<String> sources = List.of();

    @Option(names = "--dry-run", description = "says what would change, and changes nothing")
    private boolean dryRun;

    @Option(names = "--strict", description = "takes warnings, as of unknown fields, for errors")
    private boolean strict;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ManifestReader reader = new ManifestReader();
        for (ManifestFiles.Source source : ManifestFiles.of(sources)) {
            reader.read(source.name(), source.text());
        }
        Findings findings = reader.findings();
        findings.warnings().forEach(warning -> err().println("warning: " + warning));
        if (isRefused(findings)) {
            return 1;
        }
        if (reader.manifests().isEmpty()) {
            err().println("Nothing to apply: no document is of a kind that Penstock uses.");
            return 1;
        }
        try {
            return apply(reader.manifests(), findings, new ManifestStore(cluster.client(), cluster.topics()));
        } catch (KafkaException e) {
            err().println("Not applied: " + e.getMessage());
            return 1;
        }
    }

    private int apply(List<Located> documents, Findings findings, ManifestStore store) throws InterruptedException {
        Set<Kind> kinds =
                documents.stream().map(document -> document.manifest().kind()).collect(Collectors.toSet());
        List<Change> changes = ApplyPlan.of(documents, store.read(kinds), clock.instant(), findings);
        if (isRefused(findings)) {
            return 1;
        }
        if (!dryRun) {
            store.write(changes.stream()
                    .filter(change -> change.action() != Action.UNCHANGED)
                    .map(Change::manifest)
                    .toList());
        }
        for (Change change : changes) {
            out().println(change.manifest().id() + " " + change.action().word() + (dryRun ? " (dry run)" : ""));
        }
        return 0;
    }

    private boolean isRefused(Findings findings) {
        List<String> errors = findings.errors();
        errors.forEach(error -> err().println("error: " + error));
        boolean refused = !errors.isEmpty() || (strict && !findings.warnings().isEmpty());
        if (refused) {
            err().println("Nothing was applied.");
        }
        return refused;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec, "picocli sets it").commandLine().getErr();
    }
}
