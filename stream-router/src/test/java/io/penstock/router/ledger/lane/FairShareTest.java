package io.penstock.router.ledger.lane;

import static io.penstock.router.ledger.lane.LaneBench.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.ledger.lane.LaneBench.Job;
import io.penstock.router.ledger.lane.LaneBench.Room;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The order inside a lane and between lanes, case by case.
class FairShareTest {
    private static final ModelName OTHER = new ModelName("org/adapter");
    private static final String BATCH = "batch_" + "0".repeat(32) + ":";

    private final LaneBench bench = new LaneBench();

    @Test
    void insideATenantTheEarliestDeadlineGoesFirstThenAge() {
        bench.add(Job.of("late", "a").within(Duration.ofHours(5)));
        bench.add(Job.of("soon", "a").within(Duration.ofHours(1)));
        bench.add(Job.of("late-2", "a").within(Duration.ofHours(5)));
        assertThat(bench.order(3)).containsExactly("soon", "late", "late-2");
    }

    @Test
    void aBatchWhoseWindowEndsSoonerGoesBeforeAnOlderOne() {
        bench.add(Job.of(BATCH + 1, "a").within(Duration.ofHours(24)));
        bench.add(Job.of(BATCH.replace('0', '1') + 1, "a").within(Duration.ofHours(1)));
        assertThat(bench.order(2)).containsExactly(BATCH.replace('0', '1') + 1, BATCH + 1);
    }

    @Test
    void equalPrefixesAreAdjacent() {
        for (int line = 1; line <= 6; line++) {
            bench.add(Job.of(BATCH + line, "a").beginning(line % 2 == 0 ? 77 : 11));
        }
        assertThat(bench.order(6)).containsExactly(BATCH + 1, BATCH + 3, BATCH + 5, BATCH + 2, BATCH + 4, BATCH + 6);
    }

    @Test
    void aTenantThatStayedAwayHasSavedNothingUp() {
        for (int i = 0; i < 50; i++) {
            bench.add(Job.of("a" + i, "a"));
        }
        bench.order(40);
        for (int i = 0; i < 10; i++) {
            bench.add(Job.of("b" + i, "b"));
        }
        assertThat(bench.order(10)).filteredOn(id -> id.startsWith("b")).hasSize(5);
    }

    @Test
    void whatAnEngineBilledReplacesTheEstimate() {
        for (int i = 0; i < 100; i++) {
            bench.add(Job.of("a" + i, "a"));
            bench.add(Job.of("b" + i, "b"));
        }
        Lane lane = bench.lanes().of(LaneBench.POOL).of(Band.NORMAL);
        int given = 0;
        for (int i = 0; i < 80; i++) {
            FairShare.Pick pick = bench.take(LaneBench.everything());
            if (pick != null && pick.backlog().key().tenant().value().equals("a")) {
                given++;
                lane.settle(
                        pick.backlog().key().tenant(), MODEL, 2 * pick.entry().cost());
            }
        }
        assertThat(given).as("a's requests take three times what was estimated").isEqualTo(20);
    }

    @Test
    void aModelThatNobodyServesDelaysNoOther() {
        for (int i = 0; i < 1000; i++) {
            bench.add(Job.of(BATCH + (i + 1), "a").of(OTHER).within(Duration.ofMinutes(1)));
            bench.add(Job.of("blocked-" + i, "t" + i).of(OTHER).within(Duration.ofMinutes(1)));
        }
        bench.add(Job.of(BATCH + 5000, "a"));
        bench.add(Job.of("free", "z"));
        assertThat(bench.order(5)).containsExactlyInAnyOrder(BATCH + 5000, "free");
    }

    @Test
    void aModelThatNobodyServesLeavesTheOthersTheirShares() {
        bench.add(Job.of("blocked", "z").of(OTHER));
        add("a", MODEL, 300);
        bench.order(200);
        add("b", MODEL, 100);
        assertThat(share("b", bench.order(20))).as("of one that comes late").isEqualTo(10);
    }

    @Test
    void whoWaitedForAModelThatNobodyServesHasSavedNothingUpForAnother() {
        bench.add(Job.of("blocked", "z").of(OTHER));
        add("a", MODEL, 300);
        bench.order(200);
        add("z", MODEL, 100);
        assertThat(share("z", bench.order(20))).isEqualTo(10);
    }

    @Test
    void aModelThatIsServedAgainDelaysTheOthersNoMoreThanAnother() {
        add("z", OTHER, 100);
        add("y", OTHER, 100);
        add("a", MODEL, 400);
        bench.order(200);
        bench.pass(Duration.ofMinutes(5));
        bench.order(1);
        List<String> next = order(30, MODEL, OTHER);
        assertThat(share("a", next)).isBetween(9L, 11L);
        assertThat(share("z", next)).isBetween(9L, 11L);
    }

    @Test
    void whoComesToAnEngineBeginsLevelWithItsOthersHoweverFarThoseOfAnotherEngineAre() {
        add("a", MODEL, 400);
        add("z", OTHER, 400);
        order(200, MODEL);
        order(10, OTHER);
        add("b", MODEL, 100);
        add("y", OTHER, 100);
        assertThat(share("b", order(20, MODEL))).as("at the fast one").isBetween(10L, 11L);
        assertThat(share("y", order(20, OTHER))).as("at the slow one").isBetween(10L, 11L);
    }

    @Test
    void aFurtherModelOfAnEngineHasSavedNothingUp() {
        add("a", MODEL, 400);
        order(200, MODEL, OTHER);
        add("b", OTHER, 100);
        assertThat(share("b", order(20, MODEL, OTHER))).isEqualTo(10);
    }

    @Test
    void aTenantThatComesAndGoesGetsNoMoreThanOneThatStays() {
        add("a", MODEL, 400);
        bench.order(20);
        int goes = 0;
        for (int i = 0; i < 100; i++) {
            bench.add(Job.of("goes-" + i, "goes"));
            goes += bench.order(2).contains("goes-" + i) ? 1 : 0;
        }
        assertThat(goes).isBetween(99, 100);
        add("goes", MODEL, 50);
        assertThat(share("goes", bench.order(20))).isBetween(9L, 10L);
    }

    private void add(String tenant, ModelName model, int requests) {
        for (int i = 0; i < requests; i++) {
            bench.add(Job.of(tenant + "-" + model.value().length() + "-" + i, tenant)
                    .of(model));
        }
    }

    private static long share(String tenant, List<String> ids) {
        return ids.stream().filter(id -> id.startsWith(tenant + "-")).count();
    }

    /// The ids of the next `count` that go to an engine of `models`.
    private List<String> order(int count, ModelName... models) {
        Room engine = new Room(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, List.of(models));
        List<String> ids = new ArrayList<>();
        while (ids.size() < count) {
            FairShare.Pick pick = bench.take(engine);
            if (pick == null) {
                throw new AssertionError("the load is too small for this test");
            }
            ids.add(pick.entry().id().value());
        }
        return ids;
    }

    @Test
    void whatDoesNotFitIsPassedThirtyTwoTimesThenNothingGoesBeforeIt() {
        bench.add(Job.of("big", "a").costing(1000).within(Duration.ofHours(1)));
        for (int i = 0; i < 100; i++) {
            bench.add(Job.of("small" + i, "a"));
        }
        Room narrow = new Room(500, 500, 500, Set.of(MODEL));
        int passed = 0;
        while (bench.take(narrow) != null) {
            passed++;
        }
        assertThat(passed).isEqualTo(FairShare.OVERTAKEN_MAX);
        Room other = new Room(500, 500, 500, Set.of(OTHER));
        bench.add(Job.of("other", "a").of(OTHER));
        assertThat(bench.take(other))
                .as("one that cannot run it is not kept from others")
                .isNotNull();
        assertThat(bench.order(1)).containsExactly("big");
        assertThat(bench.take(narrow)).isNotNull();
    }

    @Test
    void urgentBandsGoFirst() {
        bench.add(Job.of("low", "a").in(Band.LOW));
        bench.add(Job.of("normal", "b"));
        bench.add(Job.of("high", "c").in(Band.HIGH));
        assertThat(bench.order(3)).containsExactly("high", "normal", "low");
    }

    @Test
    void onlyWhatIsDueAndOldUsesTheRoomOfTheBandAbove() {
        List<Boolean> lowWentOut = new ArrayList<>();
        for (Duration age : List.of(Duration.ZERO, Duration.ofMinutes(11), Duration.ofMinutes(21))) {
            LaneBench aged = new LaneBench();
            aged.add(Job.of("low", "a").in(Band.LOW));
            aged.pass(age);
            boolean out = false;
            Room closedToLow = new Room(1000, age.toMinutes() > 20 ? 0 : 1000, 0, Set.of(MODEL));
            for (int i = 0; i < 60; i++) {
                aged.add(Job.of("high" + i, "b").in(Band.HIGH));
                FairShare.Pick pick = aged.take(closedToLow);
                out |= pick != null && pick.entry().id().value().equals("low");
            }
            lowWentOut.add(out);
        }
        assertThat(lowWentOut).containsExactly(false, true, true);
    }

    /// With a bound of twice that request 100 of the others would go first.
    @Test
    void aHugeRequestOfThePastLetsALaneThatIsClosedSaveUpNoMoreThanAnother() {
        bench.add(Job.of("huge", "a").in(Band.LOW).costing(1_000_000));
        bench.order(1);
        Room closedToLow = new Room(1000, 1000, 0, Set.of(MODEL));
        for (int i = 0; i < 5000; i++) {
            bench.add(Job.of("high" + i, "b").in(Band.HIGH));
            FairShare.Pick _ = bench.take(closedToLow);
            if (i == 10) {
                for (int low = 0; low < 100; low++) {
                    bench.add(Job.of("low" + low, "a").in(Band.LOW));
                }
            }
        }
        for (int i = 0; i < 100; i++) {
            bench.add(Job.of("late" + i, "b").in(Band.HIGH));
        }
        assertThat(bench.order(10)).filteredOn(id -> id.startsWith("low")).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void aRestartKeepsTheOrderInsideTenants() {
        for (int line = 1; line <= 1000; line++) {
            bench.add(Job.of(BATCH + line, "a"));
        }
        bench.order(10);
        bench.restart();
        assertThat(bench.order(3)).containsExactly(BATCH + 11, BATCH + 12, BATCH + 13);
        assertThat(bench.order(5000)).hasSize(987);
    }
}
