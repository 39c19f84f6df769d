package io.penstock.topics.admin;

import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `topics plan|apply|verify`: shows, removes, or refuses differences between a cluster and the topic
/// catalogue. Exit codes: 0 as wished, 1 the cluster differs (plan, verify) or cannot be brought there
/// (apply).
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Compares a Kafka cluster with Penstock's topic catalogue and brings it there.")
public final class TopicsCommand implements Callable<Integer> {
    enum Action {
        plan,
        apply,
        verify
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", description = "${COMPLETION-CANDIDATES}: show, remove, or refuse differences")
    private Action action = Action.plan;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--partitions",
            defaultValue = "12",
            description = "of ledger-keyed topics; default ${DEFAULT-VALUE}")
    private int partitions;

    @Option(
            names = "--work-partitions",
            defaultValue = "64",
            description = "of the work topic; default ${DEFAULT-VALUE}")
    private int workPartitions;

    @Option(names = "--replication-factor", defaultValue = "3", description = "default ${DEFAULT-VALUE}")
    private short replicas;

    @Option(names = "--min-insync-replicas", defaultValue = "2", description = "default ${DEFAULT-VALUE}")
    private short minInsyncReplicas;

    /// Runs the command alone, outside the `penstock` command.
    public static void main(String[] args) {
        System.exit(new CommandLine(new TopicsCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Topics topics =
                new Topics(new TopicLayout(cluster.prefix(), partitions, workPartitions, replicas, minInsyncReplicas));
        try (Admin admin = Admin.create(cluster.client())) {
            return run(new TopicsAdmin(admin, topics), out());
        }
    }

    private int run(TopicsAdmin admin, PrintWriter out) {
        TopicsPlan plan = admin.plan();
        plan.differences().forEach(difference -> out.println(difference.words()));
        if (plan.isEmpty()) {
            out.println("The cluster matches the catalogue.");
            return 0;
        }
        return switch (action) {
            case plan, verify -> 1;
            case apply -> {
                if (!plan.canApply()) {
                    out.println("Nothing was changed: not every difference can be applied.");
                    yield 1;
                }
                admin.apply();
                out.println("Applied.");
                yield 0;
            }
        };
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
    }
}
