package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random histories of two pools and three tenants: submits, duplicates, rejections, workers that crash or are
/// told to stop, crashes of the ledger's own task, transactions that are aborted and played again, late and
/// repeated outcomes, lost and reordered pulls, clock jumps, cancels, pauses, moves and extensions of batches
/// and of single requests. Whatever happens: every accepted request ends in exactly one result, none ends
/// twice, nothing paused or cancelled is given out, each goes out in the band it was moved to last, and says how often
/// it made room for others, none expires before the last deadline it was given, the books agree after every step, and
/// nothing is left behind.
///
/// Most seeds are the same each time, the others new with each run. A failure names its seed;
/// `-Dtest.jvm.flags=-Dsimulation.seed=<seed>` plays it alone.
class LedgerSimulationTest {
    private static final int FIXED = 500;
    private static final int NEW = 150;
    private static final int STEPS = 300;
    private static final List<PoolName> POOLS = List.of(LedgerBench.POOL, new PoolName("qwen"));

    @Test
    void everyAcceptedRequestEndsInExactlyOneResult() {
        long only = Long.getLong("simulation.seed", 0);
        long[] seeds = only == 0
                ? LongStream.concat(LongStream.rangeClosed(1, FIXED), new SplittableRandom().longs(NEW))
                        .toArray()
                : new long[] {only};
        int wentOn = 0;
        for (long seed : seeds) {
            History history = new History(seed);
            history.play();
            wentOn += history.promises.wentOn();
        }
        assertThat(only != 0 || wentOn > seeds.length)
                .as("%s tickets went on from a text in %s histories", wentOn, seeds.length)
                .isTrue();
    }

    private static final class History {
        private final String name;
        private final SplittableRandom random;
        private final LedgerBench bench;
        private final Promises promises;
        private final List<SimulatedWorker> workers = new ArrayList<>();
        private final List<LedgerEvent> delayed = new ArrayList<>();

        History(long seed) {
            this.name = "seed " + seed;
            this.random = new SplittableRandom(seed);
            // Half of them sweep so little at a time that commands and deadlines take many ticks.
            this.bench = new LedgerBench(LedgerBench.policy(5, seed % 2 == 0 ? 2 : 1000));
            this.promises = new Promises(name);
            for (int i = 0; i < 4; i++) {
                workers.add(new SimulatedWorker("w" + i, POOLS.get(i / 3), random.split()));
            }
        }

        void play() {
            try {
                for (int step = 0; step < STEPS; step++) {
                    step();
                    bench.check(name + ", step " + step);
                }
                settle();
            } catch (RuntimeException e) {
                throw new AssertionError(name, e);
            }
            int accepted = promises.accepted().size();
            assertThat(promises.unfinished())
                    .as("%s: accepted and never ended", name)
                    .isEmpty();
            assertThat(bench.isEmpty()).as("%s: rows left", name).isTrue();
            assertThat(bench.metrics.of(LedgerCount.ADMITTED)).as(name).isEqualTo(accepted);
            assertThat(bench.metrics.of(LedgerCount.RESULTS)).as(name).isEqualTo(accepted);
        }

        private void step() {
            SimulatedWorker worker = workers.get(random.nextInt(workers.size()));
            switch (random.nextInt(100)) {
                case 0 -> worker.die();
                case 1 -> bench.restart();
                case 2 -> jump();
                case 3 -> command(new Control.OneBatch(batch(random.nextInt(4))), new Control.Cancel());
                case 4 -> happen(worker.repeat());
                case 5 -> delayed.add(worker.pull());
                case 6 -> later(worker.end(false));
                case 7 -> happenLate();
                case 8 -> worker.pull(); // lost on the way
                case 9 -> command(new Control.OneBatch(batch(random.nextInt(4))), action());
                case 10 -> command(new Control.OneRequest(new RequestId(id(number()))), action());
                case 11 -> command(new Control.OneRequest(new RequestId(id(number()))), new Control.Cancel());
                case 12 -> reject();
                case 13 -> abort(worker);
                case 14 -> stop(worker);
                default -> usual(worker);
            }
        }

        private void jump() {
            boolean far = random.nextInt(4) == 0;
            bench.jump(far ? Duration.ofMinutes(random.nextInt(40)) : Duration.ofSeconds(random.nextInt(-20, 120)));
        }

        /// Two events and a tick in a transaction that is aborted, and in one that is not.
        private void abort(SimulatedWorker worker) {
            List<LedgerEvent> events = new ArrayList<>();
            events.add(worker.pull());
            LedgerEvent end = worker.end(false);
            events.add(end == null ? worker.pull() : end);
            events.add(new LedgerEvent.Tick(true));
            bench.abort(events);
            events.forEach(this::happen);
        }

        private void stop(SimulatedWorker worker) {
            if (random.nextInt(3) == 0) {
                worker.drain();
                happen(worker.pull());
            }
        }

        private void command(Control.Target target, Control.Action action) {
            Control control = new Control(target, action, "test", null, bench.now());
            promises.commanded(control);
            LedgerEvent event = new LedgerEvent.Commanded(control);
            if (random.nextInt(10) == 0) {
                bench.abort(List.of(event));
            }
            happen(event);
        }

        private Control.Action action() {
            return switch (random.nextInt(6)) {
                case 0, 1 -> new Control.Pause();
                case 2 -> new Control.Resume();
                case 3 -> new Control.Prioritise(ObjectiveName.DEFAULT, band());
                case 4 -> new Control.Explain("why");
                default -> new Control.Extend(bench.now().plus(Duration.ofMinutes(random.nextInt(1, 180))));
            };
        }

        private void usual(SimulatedWorker worker) {
            switch (random.nextInt(6)) {
                case 0, 1 -> submit();
                case 2 -> worker.read();
                case 3 -> happen(worker.pull());
                case 4 -> happen(worker.end(false));
                default -> take(bench.pass(Duration.ofMillis(250)));
            }
        }

        private void submit() {
            // One in about ten is a duplicate.
            int number = number();
            int need = random.nextInt(20) == 0 ? 1000 : 1 + random.nextInt(150);
            Request request = LedgerBench.of(
                    bench.request(id(number), band(), need),
                    POOLS.get(number % 5 / 4),
                    new TenantId("tenant-" + number % 3),
                    bench.now().plus(Duration.ofMinutes(random.nextInt(1, 60))));
            promises.submitted(request);
            LedgerEvent event = bench.admission(number % 2 == 0 ? LedgerBench.resuming(request) : request);
            if (random.nextInt(50) == 0) {
                bench.abort(List.of(event));
            }
            happen(event);
        }

        private void reject() {
            RequestId id = new RequestId("x-" + random.nextInt(10));
            promises.rejected(id);
            happen(bench.rejection(id));
        }

        private int number() {
            return random.nextInt(STEPS);
        }

        private Band band() {
            return List.of(Band.values()).get(random.nextInt(3));
        }

        private static String id(int number) {
            return number % 3 == 0 ? batch(number % 4) + ":" + (number + 1) : "r-" + number;
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
                promises.happening(event, bench);
                take(bench.on(event));
            }
        }

        private void take(List<Emit> emits) {
            for (Emit emit : emits) {
                switch (emit) {
                    case Emit.WorkOrder order -> {
                        Work work = order.work().meta();
                        if (work instanceof Work.Ticket ticket) {
                            promises.check(ticket, bench.now());
                        }
                        workers.forEach(worker -> worker.receive(work));
                    }
                    case Emit.Dead dead ->
                        assertThat(promises.accepted())
                                .contains(dead.exhausted().meta().request().id());
                    case Emit.First first -> {}
                    case Emit.Report report -> {}
                    case Emit.Answer answer -> {}
                    case Emit.ResultLine result -> promises.check(result, bench.now());
                }
            }
        }

        /// Everyone is well again, and all that was delayed arrives.
        private void settle() {
            while (!delayed.isEmpty()) {
                happenLate();
            }
            promises.paused().forEach(batch -> command(new Control.OneBatch(batch), new Control.Resume()));
            workers.stream().filter(SimulatedWorker::isDraining).forEach(SimulatedWorker::die);
            for (int round = 0; round < 2000 && !bench.isEmpty(); round++) {
                for (SimulatedWorker worker : workers) {
                    worker.read();
                    happen(worker.end(true));
                    happen(worker.pull());
                }
                take(bench.pass(Duration.ofMillis(250)));
            }
        }
    }
}
