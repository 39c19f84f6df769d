package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Usage;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EstimatesTest {
    private static final ModelName MODEL = new ModelName("m");
    private static final TenantId ACME = new TenantId("acme");

    private final Estimates estimates = new Estimates();

    @Test
    void theDeclarationCountsUntilSixteenAnswersHaveCome() {
        for (int i = 0; i < 15; i++) {
            settle(ACME, new Cost(100, 100), 300, 10);
        }
        assertThat(estimates.expected(MODEL, ACME, new Cost(40, 60), 0)).isEqualTo(new Cost(40, 60));
        settle(ACME, new Cost(100, 100), 300, 10);
        assertThat(estimates.expected(MODEL, ACME, new Cost(40, 60), 0)).isEqualTo(new Cost(120, 6));
    }

    @Test
    void promptsAreLearnedForTheModelAndOutputsForEachTenantOfIt() {
        for (int i = 0; i < 20; i++) {
            settle(ACME, new Cost(100, 100), 200, 10);
        }
        assertThat(estimates.expected(MODEL, new TenantId("other"), new Cost(10, 100), 0))
                .isEqualTo(new Cost(20, 100));
        assertThat(estimates.expected(new ModelName("n"), ACME, new Cost(10, 100), 0))
                .isEqualTo(new Cost(10, 100));
    }

    @Test
    void theOutputIsTheNinetiethPercentile() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 128; i++) {
            settle(ACME, new Cost(1, 1000), 1, 1 + random.nextInt(1000));
        }
        int covered = 0;
        int expected = estimates.expected(MODEL, ACME, new Cost(1, 1000), 0).outputTokens();
        for (int i = 0; i < 1000; i++) {
            covered += 1 + random.nextInt(1000) <= expected ? 1 : 0;
        }
        assertThat(covered).as("seed %d", seed).isBetween(780, 980);
    }

    @Test
    void aTenantThatChangesItsWaysIsLearnedAnew() {
        for (int i = 0; i < 128; i++) {
            settle(ACME, new Cost(1, 100), 1, 100);
        }
        for (int i = 0; i < 128; i++) {
            settle(ACME, new Cost(1, 100), 1, 20);
        }
        assertThat(estimates.expected(MODEL, ACME, new Cost(1, 100), 0).outputTokens())
                .isEqualTo(20);
    }

    @Test
    void oneStrangeAnswerTeachesAFactorOfEightAtMost() {
        for (int i = 0; i < 128; i++) {
            settle(ACME, new Cost(1, 1), 1_000_000, 1_000_000);
        }
        assertThat(estimates.expected(MODEL, ACME, new Cost(10, 10), 0)).isEqualTo(new Cost(80, 80));
    }

    @Test
    void noEstimateIsAboveALimitOrTheContextAndLimitsTeachOnlyTheirOwnKind() {
        for (int i = 0; i < 20; i++) {
            settle(ACME, new Cost(100, 256), 100, 1500);
        }
        assertThat(estimates.expected(MODEL, ACME, new Cost(100, 20, 20), 0)).isEqualTo(new Cost(100, 20, 20));
        assertThat(estimates.expected(MODEL, ACME, new Cost(100, 256), 0)).isEqualTo(new Cost(100, 1500));
        assertThat(estimates.expected(MODEL, ACME, new Cost(100, 256), 1024)).isEqualTo(new Cost(100, 924));
        for (int i = 0; i < 20; i++) {
            settle(ACME, new Cost(100, 1024, 8192), 100, 8192);
        }
        assertThat(estimates.expected(MODEL, ACME, new Cost(100, 1024, 8192), 0))
                .isEqualTo(new Cost(100, 8192, 8192));
        assertThat(estimates.expected(MODEL, ACME, new Cost(100, 1024, 2048), 0))
                .isEqualTo(new Cost(100, 2048, 2048));
    }

    private void settle(TenantId tenant, Cost declared, long prompt, long output) {
        estimates.settle(MODEL, tenant, declared, new Usage(prompt, 0, output, 0));
    }
}
