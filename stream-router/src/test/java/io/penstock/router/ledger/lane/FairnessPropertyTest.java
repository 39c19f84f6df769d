package io.penstock.router.ledger.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.ledger.lane.LaneBench.Job;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What the lane scheduler promises about shares and waiting, for random loads; the seed is in every
/// message.
class FairnessPropertyTest {
    private static final int SEEDS = 20;

    /// Offered load 100 : 1 between two tenants and in between for eight more, costs from 50 to 4,000
    /// tokens: while all have work, each gets the same number of tokens.
    @Test
    void jainsIndexIsAtLeast99PercentAtEqualWeightsUnderASkewOfAHundred() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            LaneBench bench = new LaneBench();
            int tenants = 10;
            for (int tenant = 0; tenant < tenants; tenant++) {
                int requests = (int) (60 * Math.pow(100, tenant / 9.0));
                for (int i = 0; i < requests; i++) {
                    bench.add(Job.of("t" + tenant + "-" + i, "t" + tenant).costing(50 + random.nextInt(3950)));
                }
            }
            Map<String, Long> served = serve(bench, tenants * 40L * 2000);
            double sum = served.values().stream().mapToDouble(Long::doubleValue).sum();
            double squares = served.values().stream()
                    .mapToDouble(tokens -> (double) tokens * tokens)
                    .sum();
            assertThat(sum * sum / (tenants * squares))
                    .as("seed %s: %s", seed, served)
                    .isGreaterThanOrEqualTo(0.99);
        }
    }

    @Test
    void sharesFollowWeightsWithinFivePercent() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String name = "seed " + seed;
            Map<String, Double> weights = new HashMap<>();
            for (int tenant = 0; tenant < 6; tenant++) {
                weights.put("t" + tenant, 1 + random.nextInt(10) / 2.0);
            }
            LaneBench bench = new LaneBench(tenant -> weights.getOrDefault(tenant.value(), 1.0));
            for (int i = 0; i < 4000; i++) {
                for (String tenant : weights.keySet()) {
                    bench.add(Job.of(tenant + "-" + i, tenant).costing(50 + random.nextInt(1000)));
                }
            }
            Map<String, Long> served = serve(bench, 2_000_000);
            double all = served.values().stream().mapToDouble(Long::doubleValue).sum();
            double total =
                    weights.values().stream().mapToDouble(Double::doubleValue).sum();
            weights.forEach((tenant, weight) -> assertThat(served.getOrDefault(tenant, 0L) / all / (weight / total))
                    .as("%s: %s of %s", name, tenant, served)
                    .isBetween(0.95, 1.05));
        }
    }

    /// The bound of start-time fair queueing: while two tenants both have work, what one gets in tokens over weight
    /// is never ahead of what the other gets by more than a request of each, at the least weight of 1; whoever
    /// comes and goes, whose weight changes meanwhile, and who waits for a model that nobody serves.
    @Test
    void noTwoTenantsDriftApartWhileOthersComeAndGoAndWeightsChange() {
        long compared = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            compared += new Comings(seed).play(4000);
        }
        assertThat(compared).as("times two had work at once").isGreaterThan(SEEDS * 4000L);
    }

    /// A lane whose tenants come and go, and the service of each pair of them since both have had work.
    private static final class Comings {
        private static final int TENANTS = 6;
        private static final int LARGEST = 2000;
        private static final ModelName UNSERVED = new ModelName("org/unserved");

        private final String name;
        private final SplittableRandom random;
        private final double[] weights = new double[TENANTS];
        private final int[] pending = new int[TENANTS];
        private final LaneBench bench =
                new LaneBench(tenant -> weights[tenant.value().charAt(1) - '0']);
        private final Map<String, Drift> drifts = new HashMap<>();
        private int submitted;

        /// By how much the first of two is ahead of the second, and how far that went either way.
        private static final class Drift {
            private double ahead;
            private double most;
            private double least;
        }

        Comings(long seed) {
            name = "seed " + seed;
            random = new SplittableRandom(seed);
            Arrays.setAll(weights, _ -> 1 + random.nextInt(4));
        }

        long play(int steps) {
            long compared = 0;
            for (int step = 0; step < steps; step++) {
                int tenant = random.nextInt(TENANTS);
                switch (random.nextInt(40)) {
                    case 0 -> weights[tenant] = 1 + random.nextInt(4);
                    case 1 -> bench.add(job(tenant).of(UNSERVED));
                    case 2, 3, 4 -> submit(tenant, 1 + random.nextInt(60));
                    default -> {}
                }
                FairShare.Pick pick = bench.take(LaneBench.everything());
                if (pick != null) {
                    compared += served(pick);
                }
            }
            return compared;
        }

        private Job job(int tenant) {
            String id = "t" + tenant + "-" + submitted++;
            return Job.of(id, "t" + tenant).costing(1 + random.nextInt(LARGEST));
        }

        private void submit(int tenant, int requests) {
            for (int i = 0; i < requests; i++) {
                bench.add(job(tenant));
            }
            pending[tenant] += requests;
        }

        private int served(FairShare.Pick pick) {
            int tenant = pick.backlog().key().tenant().value().charAt(1) - '0';
            double virtual = pick.entry().cost() / weights[tenant];
            int compared = 0;
            for (int other = 0; other < TENANTS; other++) {
                String pair = Math.min(tenant, other) + " and " + Math.max(tenant, other);
                if (other == tenant || pending[other] == 0) {
                    continue;
                }
                Drift drift = drifts.computeIfAbsent(pair, _ -> new Drift());
                drift.ahead += tenant < other ? virtual : -virtual;
                drift.most = Math.max(drift.most, drift.ahead);
                drift.least = Math.min(drift.least, drift.ahead);
                assertThat(drift.most - drift.least)
                        .as("%s: drift of %s", name, pair)
                        .isLessThanOrEqualTo(2.0 * LARGEST);
                compared++;
            }
            pending[tenant]--;
            if (pending[tenant] == 0) {
                drifts.keySet().removeIf(pair -> pair.contains(Integer.toString(tenant)));
            }
            return compared;
        }
    }

    /// The bound: a request that has C tokens before it in its own lane goes out before (C + 2 L) / 5 %
    /// tokens of any urgency are given out, L being the largest request.
    @Test
    void noRequestWaitsLongerThanTheBoundWhateverArrivesAboveIt() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            LaneBench bench = new LaneBench();
            int largest = 2000;
            long before = 0;
            Map<String, Long> bounds = new HashMap<>();
            for (int i = 0; i < 30; i++) {
                int cost = 1 + random.nextInt(largest);
                before += cost;
                bench.add(Job.of("low" + i, "t" + i % 5).in(Band.LOW).costing(cost));
            }
            for (int i = 0; i < 30; i++) {
                bounds.put("low" + i, (long) ((before + 2L * largest) / LaneBench.MINIMUM_SHARE));
            }
            long given = 0;
            for (int i = 0; !bounds.isEmpty(); i++) {
                bench.add(Job.of("high" + i, "h").in(Band.HIGH).costing(1 + random.nextInt(largest)));
                bench.add(Job.of("normal" + i, "n").costing(1 + random.nextInt(largest)));
                FairShare.Pick pick = bench.take(LaneBench.everything());
                if (pick == null) {
                    throw new AssertionError("seed " + seed + ": nothing goes although all is pending");
                }
                given += pick.entry().cost();
                Long bound = bounds.remove(pick.entry().id().value());
                long latest = bounds.values().stream()
                        .mapToLong(Long::longValue)
                        .min()
                        .orElse(Long.MAX_VALUE);
                assertThat(given)
                        .as("seed %s: %s given, waiting %s", seed, pick.entry().id(), bounds)
                        .isLessThanOrEqualTo(bound == null ? latest : bound);
            }
        }
    }

    @Test
    void aLowerBandGetsItsMinimumShareAndNoMore() {
        LaneBench bench = new LaneBench();
        Map<Band, Long> served = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            bench.add(Job.of("high" + i, "h").in(Band.HIGH));
            bench.add(Job.of("low" + i, "l").in(Band.LOW));
            FairShare.Pick pick = bench.take(LaneBench.everything());
            if (pick != null) {
                served.merge(pick.backlog().key().band(), pick.entry().cost(), Long::sum);
            }
        }
        double all = served.values().stream().mapToDouble(Long::doubleValue).sum();
        assertThat(served.getOrDefault(Band.LOW, 0L) / all).isBetween(0.049, 0.051);
    }

    /// Alone, 10 lines take as long as 10 lines; beside 50,000 of another tenant, not twice as long.
    @Test
    void tenLinesBesideFiftyThousandOfAnotherTenantTakeAtMostTwiceAsLong() {
        for (long seed = 1; seed <= 5; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            LaneBench bench = new LaneBench();
            String big = "batch_" + "a".repeat(32) + ":";
            String small = "batch_" + "b".repeat(32) + ":";
            for (int line = 1; line <= 50_000; line++) {
                bench.add(Job.of(big + line, "big").costing(50 + random.nextInt(900)));
            }
            serve(bench, 1_000_000);
            long alone = 0;
            for (int line = 1; line <= 10; line++) {
                int cost = 50 + random.nextInt(900);
                alone += cost;
                bench.add(Job.of(small + line, "small").costing(cost));
            }
            long tokens = 0;
            int left = 10;
            while (left > 0) {
                FairShare.Pick pick = bench.take(LaneBench.everything());
                if (pick == null) {
                    throw new AssertionError("seed " + seed + ": lines are left and none goes");
                }
                tokens += pick.entry().cost();
                left -= pick.entry().id().value().startsWith(small) ? 1 : 0;
            }
            assertThat(tokens)
                    .as("seed %s: tokens until done, alone %s", seed, alone)
                    .isLessThan(2 * alone + 950);
        }
    }

    private static Map<String, Long> serve(LaneBench bench, long tokens) {
        Map<String, Long> served = new HashMap<>();
        for (long given = 0; given < tokens; ) {
            FairShare.Pick pick = bench.take(LaneBench.everything());
            if (pick == null) {
                throw new AssertionError("the load is too small for this test");
            }
            given += pick.entry().cost();
            served.merge(pick.backlog().key().tenant().value(), pick.entry().cost(), Long::sum);
        }
        return served;
    }
}
