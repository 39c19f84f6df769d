package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.penstock.router.ledger.lane.Flow;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What tenants are charged, in random histories: at every step, each flow's service is what its ended requests
/// took by the engines' usage and what is estimated of those that are out. Whatever else happens to a request
/// (returned, broken, lost, cancelled, expired, exhausted, moved to another band at any time, answered late) leaves
/// nothing behind, and nothing is charged twice.
///
/// Every flow also has a request that nobody can run, so that none is ever idle: what an idle one is forgiven is the
/// business of `FlowTest`.
class AccountsPropertyTest {
    private static final int SEEDS = 300;
    private static final int STEPS = 300;
    private static final List<Band> BANDS = List.of(Band.values());
    private static final List<TenantId> TENANTS = List.of(new TenantId("a"), new TenantId("b"), new TenantId("c"));

    @Test
    void everyFlowIsChargedWhatItsRequestsTookAndNothingElse() {
        long settled = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            History history = new History(seed);
            history.play();
            settled += history.settledLate;
        }
        assertThat(settled).as("answers that came late and won").isPositive();
    }

    private record Account(Band band, TenantId tenant) {}

    private record Open(Account account, long tokens, double weight) {}

    private static final class History {
        private final String name;
        private final SplittableRandom random;
        private final Map<TenantId, Double> weights = new HashMap<>();
        private final LedgerBench bench;
        private final List<SimulatedWorker> workers = new ArrayList<>();
        private final List<LedgerEvent> delayed = new ArrayList<>();
        private final Map<RequestId, Request> submitted = new HashMap<>();
        private final Map<RequestId, Band> bands = new HashMap<>();
        private final Map<BatchId, Band> moved = new HashMap<>();
        private final Map<RequestId, Open> open = new HashMap<>();
        private final Map<Account, Double> settled = new HashMap<>();
        private long settledLate;

        History(long seed) {
            name = "seed " + seed;
            random = new SplittableRandom(seed);
            bench = new LedgerBench(LedgerBench.policy(3), tenant -> weights.getOrDefault(tenant, 1.0));
            for (int i = 0; i < 3; i++) {
                workers.add(new SimulatedWorker("w" + i, LedgerBench.POOL, random.split()));
            }
            for (Band band : BANDS) {
                for (TenantId tenant : TENANTS) {
                    ModelName unserved = new ModelName("unserved");
                    submit(bench.request("anchor-" + band + "-" + tenant, band, 1, unserved), tenant, 100_000);
                }
            }
        }

        void play() {
            for (int step = 0; step < STEPS; step++) {
                step();
                check(", step " + step);
            }
            while (!delayed.isEmpty()) {
                happenLate();
            }
            for (int round = 0; round < 1000 && bench.books().charges().count() > 0; round++) {
                for (SimulatedWorker worker : workers) {
                    worker.drain();
                    worker.read();
                    happen(worker.end(true));
                }
                tick();
            }
            assertThat(bench.books().charges().count())
                    .as("%s: out at the end", name)
                    .isZero();
            check(", at the end");
        }

        private void step() {
            SimulatedWorker worker = workers.get(random.nextInt(workers.size()));
            switch (random.nextInt(30)) {
                case 0 -> dieWithWordsOnTheWay(worker);
                case 1 -> restart();
                case 2 -> bench.jump(Duration.ofMinutes(random.nextInt(30)));
                case 3 -> command(new Control.OneBatch(batch()), new Control.Cancel());
                case 4 -> command(new Control.OneRequest(id()), new Control.Cancel());
                case 5 -> prioritise(batch());
                case 6 -> prioritise(id());
                case 7 -> extend();
                case 8 -> later(worker.end(false));
                case 9 -> happenLate();
                case 10 -> happen(worker.repeat());
                case 11 -> weights.put(TENANTS.get(random.nextInt(3)), 1.0 + random.nextInt(4));
                case 12, 13 -> tick();
                case 14, 15, 16, 17 -> happen(worker.end(false));
                case 18, 19, 20, 21, 22, 23, 24 -> worker.read();
                default -> submit();
            }
        }

        /// Its last reports arrive after its requests have been given to others, or wait.
        private void dieWithWordsOnTheWay(SimulatedWorker worker) {
            for (int i = 0; i < 3; i++) {
                later(worker.end(false));
            }
            worker.die();
            tick();
            if (random.nextBoolean()) {
                workers.forEach(other -> happen(other.end(false)));
                happenLate();
            }
        }

        private void tick() {
            workers.forEach(worker -> happen(worker.pull()));
            take(bench.pass(Duration.ofMillis(250)), null);
        }

        private void submit() {
            Request request = bench.request(id().value(), BANDS.get(random.nextInt(3)), 1 + random.nextInt(120));
            submit(request, TENANTS.get(random.nextInt(3)), 5 + random.nextInt(60));
        }

        private void submit(Request request, TenantId tenant, int minutes) {
            Instant deadline = bench.now().plus(Duration.ofMinutes(minutes));
            Request whose = LedgerBench.of(request, LedgerBench.POOL, tenant, deadline);
            if (submitted.putIfAbsent(whose.id(), whose) == null) {
                bands.put(whose.id(), whose.tag().band());
            }
            happen(bench.admission(whose));
        }

        private void prioritise(BatchId batch) {
            Band band = BANDS.get(random.nextInt(3));
            moved.put(batch, band);
            command(new Control.OneBatch(batch), new Control.Prioritise(ObjectiveName.DEFAULT, band));
        }

        private void prioritise(RequestId id) {
            Band band = BANDS.get(random.nextInt(3));
            bands.computeIfPresent(id, (_, _) -> band);
            command(new Control.OneRequest(id), new Control.Prioritise(ObjectiveName.DEFAULT, band));
        }

        private void extend() {
            Instant until = bench.now().plus(Duration.ofMinutes(random.nextInt(120)));
            command(new Control.OneRequest(id()), new Control.Extend(until));
        }

        private void command(Control.Target target, Control.Action action) {
            happen(new LedgerEvent.Commanded(new Control(target, action, "test", null, bench.now())));
        }

        /// All begin level, but for what is out, which counts where it would wait.
        private void restart() {
            bench.restart();
            settled.clear();
            open.replaceAll((id, _) -> opened(id));
        }

        private RequestId id() {
            int number = random.nextInt(60);
            return new RequestId(number % 2 == 0 ? "r-" + number : batch(number % 3) + ":" + (number + 1));
        }

        private BatchId batch() {
            return batch(random.nextInt(3));
        }

        private static BatchId batch(int number) {
            return new BatchId("batch_" + Integer.toString(number).repeat(32));
        }

        private void later(@Nullable LedgerEvent event) {
            if (event != null) {
                delayed.add(event);
            }
        }

        private void happenLate() {
            if (!delayed.isEmpty()) {
                happen(delayed.remove(random.nextInt(delayed.size())));
            }
        }

        private void happen(@Nullable LedgerEvent event) {
            if (event != null) {
                take(bench.on(event), event);
            }
        }

        private void take(List<Emit> emits, @Nullable LedgerEvent event) {
            for (Emit emit : emits) {
                if (emit instanceof Emit.WorkOrder order) {
                    Work work = order.work().meta();
                    if (work instanceof Work.Ticket ticket) {
                        open.put(ticket.request().id(), opened(ticket.request().id()));
                    }
                    workers.forEach(worker -> worker.receive(work));
                } else if (emit instanceof Emit.ResultLine result) {
                    ended(result, event);
                }
            }
            open.keySet().removeIf(id -> {
                Row row = bench.books().row(id);
                return row == null || row.assignment() == null;
            });
        }

        private Open opened(RequestId id) {
            Request request = request(id);
            Band band = id.batch() == null ? null : moved.get(id.batch());
            TenantId tenant = request.tag().tenant();
            return new Open(
                    new Account(band == null ? bands.getOrDefault(id, Band.LOW) : band, tenant),
                    request.tag().cost().fairShare(),
                    weights.getOrDefault(tenant, 1.0));
        }

        private Request request(RequestId id) {
            return Objects.requireNonNull(submitted.get(id), () -> name + ": " + id + " was never submitted");
        }

        /// Only a worker's last word is settled; by usage, if it says so.
        private void ended(Emit.ResultLine result, @Nullable LedgerEvent event) {
            if (!(event instanceof LedgerEvent.Reported(Envelope<Outcome> reported))
                    || !reported.meta().id().equals(result.id())) {
                return;
            }
            boolean isFinal = switch (reported.meta().verdict()) {
                case Verdict.Answered _ -> true;
                case Verdict.Refused _ -> true;
                case Verdict.Broken _ -> false;
                case Verdict.Returned _ -> false;
            };
            if (isFinal) {
                Open out = open.remove(result.id());
                settledLate += out == null ? 1 : 0;
                Open settling = out == null ? opened(result.id()) : out;
                Usage usage = result.usage();
                long tokens = usage == null ? settling.tokens() : usage.inputTokens() + 2 * usage.outputTokens();
                settled.merge(settling.account(), tokens / settling.weight(), Double::sum);
            }
        }

        private void check(String when) {
            Map<Account, Double> owed = new HashMap<>(settled);
            open.values().forEach(out -> owed.merge(out.account(), out.tokens() / out.weight(), Double::sum));
            for (Band band : BANDS) {
                for (Flow flow :
                        bench.books().lanes().of(LedgerBench.POOL).of(band).flows()) {
                    assertThat(flow.served())
                            .as("%s%s: service of %s in %s", name, when, flow.tenant(), band)
                            .isCloseTo(owed.getOrDefault(new Account(band, flow.tenant()), 0.0), within(1e-6));
                }
            }
            bench.check(name + when);
        }
    }
}
