package io.penstock.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PausesTest {
    private static final Pauses PAUSES = new Pauses(new long[] {seconds(1), seconds(2), seconds(6), seconds(7)});

    @Test
    void aPauseMayEndAfterTheSpanItBeganIn() {
        assertThat(PAUSES.longestMillis(seconds(1), seconds(3))).hasValue(4_000);
        assertThat(PAUSES.longestMillis(seconds(3), seconds(5))).hasValue(3_000);
        assertThat(PAUSES.longestMillis(seconds(6), seconds(7))).hasValue(1_000);
    }

    @Test
    void withoutAnotherResultThePauseIsForGood() {
        assertThat(PAUSES.longestMillis(seconds(8), seconds(9))).isEmpty();
        assertThat(PAUSES.toNextMillis(seconds(8))).isEmpty();
    }

    @Test
    void resultsBelongToTheSpanTheyCameIn() {
        assertThat(PAUSES.resultsIn(seconds(2), seconds(7))).isEqualTo(2);
        assertThat(PAUSES.toNextMillis(seconds(3))).hasValue(3_000);
    }

    private static long seconds(int many) {
        return many * 1_000_000_000L;
    }
}
