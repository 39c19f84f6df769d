package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random histories of submits, duplicates, crashes of workers and of the ledger's own task, late and
/// repeated outcomes, lost and reordered pulls, clock jumps, cancels, pauses, moves and extensions.
/// Whatever happens: every accepted request ends in exactly one result, none ends twice, nothing paused
/// is given out, the books agree after every step, and nothing is left behind.
///
/// A failure names its seed; `-Dtest.jvm.flags=-Dsimulation.seed=<seed>` plays it alone.
class LedgerSimulationTest {
    private static final int HISTORIES = 1500;
    private static final int STEPS = 300;

    @Test
    void everyAcceptedRequestEndsInExactlyOneResult() {
        long only = Long.getLong("simulation.seed", 0);
        int wentOn = 0;
        for (long seed = only == 0 ? 1 : only; seed <= (only == 0 ? HISTORIES : only); seed++) {
            History history = new History(seed);
            history.play();
            wentOn += history.wentOn;
        }
        assertThat(only > 0 || wentOn > HISTORIES)
                .as("%s tickets went on from a text in %s histories", wentOn, HISTORIES)
                .isTrue();
    }

    private static final class History {
        private final String name;
        private final SplittableRandom random;
        private final LedgerBench bench = new LedgerBench();
        private final List<SimulatedWorker> workers = new ArrayList<>();
        private final List<LedgerEvent> delayed = new ArrayList<>();
        private final Set<RequestId> accepted = new LinkedHashSet<>();
        private final Set<BatchId> paused = new HashSet<>();
        private final Map<RequestId, End> ended = new HashMap<>();
        private int wentOn;

        History(long seed) {
            this.name = "seed " + seed;
            this.random = new SplittableRandom(seed);
            for (int i = 0; i < 3; i++) {
                workers.add(new SimulatedWorker("w" + i, random.split()));
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
            assertThat(ended.keySet()).as(name).isEqualTo(accepted);
            assertThat(bench.isEmpty()).as("%s: rows left", name).isTrue();
            assertThat(bench.metrics.of(LedgerCount.ADMITTED)).as(name).isEqualTo(accepted.size());
            assertThat(bench.metrics.of(LedgerCount.RESULTS)).as(name).isEqualTo(accepted.size());
        }

        private void step() {
            SimulatedWorker worker = workers.get(random.nextInt(workers.size()));
            switch (random.nextInt(100)) {
                case 0 -> worker.die();
                case 1 -> bench.restart();
                case 2 -> bench.jump(Duration.ofSeconds(random.nextInt(-20, 120)));
                case 9 -> command(batch(random.nextInt(4)));
                case 3 ->
                    happen(new LedgerEvent.Commanded(new Control(
                            new Control.OneBatch(batch(random.nextInt(4))),
                            new Control.Cancel(),
                            "test",
                            null,
                            bench.now())));
                case 4 -> happen(worker.repeat());
                case 5 -> delayed.add(worker.pull());
                case 6 -> later(worker.end(false));
                case 7 -> happenLate();
                case 8 -> worker.pull(); // lost on the way
                default -> usual(worker);
            }
        }

        private void command(BatchId batch) {
            Control.Target target = new Control.OneBatch(batch);
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    paused.add(batch);
                    take(bench.command(target, new Control.Pause()));
                }
                case 2 -> resume(batch);
                case 3 -> {
                    Band band = List.of(Band.values()).get(random.nextInt(3));
                    take(bench.command(target, new Control.Prioritise(ObjectiveName.DEFAULT, band)));
                }
                default ->
                    take(bench.command(
                            target, new Control.Extend(bench.now().plus(Duration.ofMinutes(random.nextInt(1, 180))))));
            }
        }

        private void resume(BatchId batch) {
            paused.remove(batch);
            take(bench.command(new Control.OneBatch(batch), new Control.Resume()));
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
            int number = random.nextInt(STEPS);
            String id = number % 3 == 0 ? batch(number % 4) + ":" + (number + 1) : "r-" + number;
            Band band = List.of(Band.values()).get(random.nextInt(3));
            int need = random.nextInt(20) == 0 ? 1000 : 1 + random.nextInt(150);
            accepted.add(new RequestId(id));
            Request request = bench.request(id, band, need);
            take(bench.submit(number % 2 == 0 ? LedgerBench.resuming(request) : request));
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
                take(bench.on(event));
            }
        }

        private void take(List<Emit> emits) {
            for (Emit emit : emits) {
                switch (emit) {
                    case Emit.WorkOrder order -> {
                        Work work = order.work().meta();
                        if (work instanceof Work.Ticket ticket) {
                            checkPartial(ticket);
                            BatchId batch = ticket.request().id().batch();
                            assertThat(batch != null && paused.contains(batch))
                                    .as(
                                            "%s: %s is paused and was given out",
                                            name, ticket.request().id())
                                    .isFalse();
                        }
                        workers.forEach(worker -> worker.receive(work));
                    }
                    case Emit.Dead dead ->
                        assertThat(accepted)
                                .contains(dead.exhausted().meta().request().id());
                    case Emit.First first -> {}
                    case Emit.Report report -> {}
                    case Emit.Answer answer -> {}
                    case Emit.ResultLine result -> {
                        assertThat(accepted)
                                .as("%s: a result of a request never accepted", name)
                                .contains(result.id());
                        assertThat(ended.put(result.id(), result.end()))
                                .as("%s: a second result of %s", name, result.id())
                                .isNull();
                    }
                }
            }
        }

        /// What a ticket goes on from was left by earlier assignments of the same request, each of which
        /// added its epoch once.
        private void checkPartial(Work.Ticket ticket) {
            Partial partial = ticket.partial();
            if (partial == null) {
                return;
            }
            wentOn++;
            assertThat(ticket.request().tag().resume()).as(name).isTrue();
            List<String> parts = List.of(partial.text().split(" ", -1));
            assertThat(parts.getFirst())
                    .as("%s: whose text", name)
                    .isEqualTo(ticket.request().id().value());
            List<Integer> epochs = parts.stream().skip(1).map(Integer::valueOf).toList();
            assertThat(epochs)
                    .as("%s: epochs that wrote for %s", name, ticket)
                    .hasSizeBetween(1, Partial.RUNS_MAX)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .allMatch(epoch -> epoch < ticket.epoch());
        }

        /// Everyone is well again, and all that was delayed arrives.
        private void settle() {
            while (!delayed.isEmpty()) {
                happenLate();
            }
            List.copyOf(paused).forEach(this::resume);
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
