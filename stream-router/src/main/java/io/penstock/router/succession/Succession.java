package io.penstock.router.succession;

import io.penstock.router.succession.Abandoned.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends what a dead instance of a Streams application left behind, before its time would be up.
///
/// An open transaction holds up whoever reads committed records of its topics, and whoever takes up the
/// tasks of its owner, until it times out: 10 s here and 60 s there, and up to 10 s more, because brokers
/// look every 10 s. The thread that had it would end it at its next start, but the tasks have moved to
/// another instance, with another transactional id. So
///
/// - an instance with a name ends, before it starts, what its former life left open; and if it has lost
///   its state, gives up its former membership: the warm copy elsewhere takes over at once instead of
///   after the session;
/// - what the former life left on disk and Streams will not trust is wiped (`UntrustedState`);
/// - while the group changes, and for 15 s after, each instance looks twice a second for open
///   transactions of processes that are no members any more, and ends them (`fenceProducers`).
///
/// A failure here costs time only, never a record: it is logged, and the transaction times out.
public final class Succession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration AFTER_A_CHANGE = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String applicationId;
    private final @Nullable String instance;
    private final Path state;
    private final boolean withoutState;
    private final Abandoned abandoned;
    private final Admin admin;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("succession").factory());
    private volatile boolean changing;
    private volatile long changedNanos = System.nanoTime() - AFTER_A_CHANGE.toNanos();

    private Succession(StreamsConfig streams, @Nullable String instance) {
        this.applicationId = streams.getString(StreamsConfig.APPLICATION_ID_CONFIG);
        this.instance = instance;
        this.state = Path.of(streams.getString(StreamsConfig.STATE_DIR_CONFIG)).resolve(applicationId);
        // Asked before Streams makes the directory. State in memory has none, and is never kept.
        this.withoutState = Files.notExists(state);
        wipeUntrusted();
        this.abandoned = new Abandoned(applicationId);
        Map<String, Object> settings = new HashMap<>(streams.getAdminConfigs(applicationId + "-succession"));
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        // The application starts only after this; Kafka's second between two tries is a second of its.
        settings.put(AdminClientConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 100L);
        this.admin = Admin.create(settings);
    }

    /// For the application with these Streams settings; to be made before its `KafkaStreams`.
    public static Succession of(Properties streams) {
        return new Succession(
                new StreamsConfig(streams),
                streams.getProperty(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG)));
    }

    /// Ends this instance's former life, within seconds also if Kafka is away; then looks after others'.
    /// To be called before the application starts.
    public void begin() {
        if (instance != null) {
            attempt("ending the former life", () -> endFormerLife(instance));
        }
        var _ = thread.scheduleWithFixedDelay(
                () -> attempt("looking for abandoned transactions", this::look),
                EVERY.toMillis(),
                EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /// The application's state has changed.
    public void changed(KafkaStreams.State now) {
        changedNanos = System.nanoTime();
        changing = now == KafkaStreams.State.REBALANCING;
    }

    /// The application has stopped and closed its stores: its state may be used at the next start.
    public void endedInOrder() {
        try {
            UntrustedState.endedInOrder(state);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("application", applicationId)
                    .addKeyValue("reason", e.toString())
                    .log("orderly end could not be noted: the next start reads its state from Kafka anew");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        admin.close(Duration.ofSeconds(1));
    }

    /// Streams would do it too, later and slower, so that it may fail.
    private void wipeUntrusted() {
        try {
            Set<String> tasks = UntrustedState.wipe(state);
            if (!tasks.isEmpty()) {
                LOG.atInfo()
                        .addKeyValue("application", applicationId)
                        .addKeyValue("tasks", tasks)
                        .log("the last end was not orderly: state is read from Kafka anew");
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("application", applicationId)
                    .addKeyValue("reason", e.toString())
                    .log("state that cannot be used could not be wiped");
        }
    }

    /// What is tried here may fail.
    private interface Attempt {
        void run() throws ExecutionException, TimeoutException, InterruptedException;
    }

    private void attempt(String what, Attempt attempt) {
        try {
            attempt.run();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("application", applicationId)
                    .addKeyValue("reason", e.toString())
                    .log(what + " failed; open transactions of the dead will time out");
        }
    }

    private void endFormerLife(String name) throws ExecutionException, TimeoutException, InterruptedException {
        Collection<String> open = open();
        List<Member> members = members();
        end(abandoned.ofFormerLife(name, open, members));
        Set<String> former = abandoned.membersOf(name, members);
        if (withoutState && !former.isEmpty()) {
            List<MemberToRemove> gone = former.stream().map(MemberToRemove::new).toList();
            RemoveMembersFromConsumerGroupOptions options = new RemoveMembersFromConsumerGroupOptions(gone);
            options.reason("its state is lost");
            get(admin.removeMembersFromConsumerGroup(applicationId, options).all());
        }
    }

    private void look() throws ExecutionException, TimeoutException, InterruptedException {
        if (!changing && System.nanoTime() - changedNanos > AFTER_A_CHANGE.toNanos()) {
            return;
        }
        Collection<String> open = open();
        if (!open.isEmpty()) {
            end(abandoned.withoutMember(open, members()));
        }
    }

    private void end(Set<String> transactions) throws ExecutionException, TimeoutException, InterruptedException {
        if (!transactions.isEmpty()) {
            get(admin.fenceProducers(transactions).all());
            LOG.atInfo()
                    .addKeyValue("application", applicationId)
                    .addKeyValue("transactions", transactions)
                    .log("ended transactions that a dead instance had left open");
        }
    }

    private Collection<String> open() throws ExecutionException, TimeoutException, InterruptedException {
        ListTransactionsOptions options = new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING));
        return get(admin.listTransactions(options).all()).stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> id.startsWith(applicationId + "-"))
                .toList();
    }

    private List<Member> members() throws ExecutionException, TimeoutException, InterruptedException {
        try {
            ConsumerGroupDescription group = get(admin.describeConsumerGroups(List.of(applicationId))
                            .all())
                    .get(applicationId);
            return group == null
                    ? List.of()
                    : group.members().stream()
                            .map(member -> new Member(
                                    member.clientId(), member.groupInstanceId().orElse(null)))
                            .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw e;
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
