package io.penstock.pool.pick;

import static io.penstock.pool.pick.Candidates.ADAPTER;
import static io.penstock.pool.pick.Candidates.MODEL;
import static io.penstock.pool.pick.Candidates.at;
import static io.penstock.pool.pick.Candidates.idle;
import static io.penstock.pool.pick.Candidates.knowing;
import static io.penstock.pool.pick.Candidates.load;
import static io.penstock.pool.pick.Candidates.withAdapters;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScorersTest {
    @Test
    void theQueueCountsWhatWaitsAndWhatIsNotYetSeen() {
        assertThat(scores(new QueueScorer(), at("a", load(9, 4, 0), 0), at("b", load(0, 1, 0), 1), idle("c")))
                .containsExactly(0, 0.5, 1);
        assertThat(scores(new QueueScorer(), at("a", load(0, 3, 0), 0), at("b", load(7, 3, 0), 0)))
                .containsExactly(1, 1);
        assertThat(scores(new QueueScorer(), at("a", null, 2), idle("b"))).containsExactly(0, 1);
    }

    @Test
    void whereOneDoesNotTellWhatWaitsOnlyCallsThatAwaitTheirFirstWordAreCompared() {
        Candidate told = awaiting("a", load(9, 4, 0), 1);
        assertThat(scores(new QueueScorer(), told, awaiting("b", load(0, 0, 0), 2)))
                .containsExactly(0, 1);
        assertThat(scores(new QueueScorer(), told, awaiting("b", null, 2))).containsExactly(1, 0);
    }

    @Test
    void theCacheCountsWhatIsFree() {
        EngineLoad untold = new EngineLoad(0, 0, OptionalDouble.empty(), OptionalLong.empty(), 0, Candidates.NOW);
        assertThat(scores(
                        new KvScorer(),
                        at("a", load(0, 0, 0.25), 0),
                        at("b", load(0, 0, 1.5), 0),
                        at("c", untold, 0),
                        at("d", null, 0)))
                .containsExactly(0.75, 0, 0.375, 0.375);
        assertThat(scores(new KvScorer(), at("c", untold, 0), at("d", null, 0))).containsExactly(0.5, 0.5);
    }

    @Test
    void thePrefixCountsWhatWasSentBefore() {
        assertThat(scores(new PrefixScorer(), knowing(idle("a"), 0.25), idle("b")))
                .containsExactly(0.25, 0);
    }

    @Test
    void anAdapterCountsWhereItRunsOrCouldRun() {
        Candidate[] candidates = {
            withAdapters("running", 1, Set.of("a"), Set.of()),
            withAdapters("room", 2, Set.of("x"), Set.of()),
            withAdapters("waiting", 2, Set.of("x"), Set.of("a")),
            withAdapters("full", 2, Set.of("x", "y"), Set.of()),
            idle("untold")
        };
        assertThat(new AdapterScorer().scores(ADAPTER, List.of(candidates))).containsExactly(1, 0.8, 0.6, 0, 0);
        assertThat(new AdapterScorer().scores(MODEL, List.of(candidates))).containsOnly(0);
    }

    @Test
    void everyScoreIsBetweenNoneAndOne() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<Candidate> candidates = random.ints(1 + random.nextInt(5))
                    .mapToObj(i -> knowing(
                            at("h" + i, load(random.nextInt(9), random.nextInt(9), random.nextDouble(1.2)), 3),
                            random.nextDouble()))
                    .toList();
            for (Scorer scorer : List.of(new QueueScorer(), new KvScorer(), new PrefixScorer(), new AdapterScorer())) {
                assertThat(Arrays.stream(scorer.scores(MODEL, candidates)).boxed())
                        .as("seed %d, %s", seed, scorer)
                        .hasSameSizeAs(candidates)
                        .allMatch(score -> score >= 0 && score <= 1);
            }
        }
    }

    private static Candidate awaiting(String host, @Nullable EngineLoad load, int calls) {
        return new Candidate(
                Candidates.state(host, load), new OurCalls(calls, 0, calls, Candidates.NOW), Candidates.NOW, 0);
    }

    private static double[] scores(Scorer scorer, Candidate... candidates) {
        return scorer.scores(MODEL, List.of(candidates));
    }
}
