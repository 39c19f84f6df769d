package io.penstock.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.record.Verdict;
import io.penstock.worker.RunningTicket.Stop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BreakOffTest {
    private static final Instant DEADLINE = Instant.parse("2026-11-23T12:00:00Z");
    private final IOException reset = new IOException("Connection reset");
    private final IOException timeout = new InterruptedIOException("timeout");

    @Test
    void whatWeEndedOurselvesSaysNothingOfTheEngine() {
        assertThat(of(Stop.ABORTED, false, reset)).isEqualTo(returned("aborted", 0));
        assertThat(of(Stop.YIELDED, true, reset))
                .isEqualTo(new BreakOff(new Verdict.Returned("gave way to chat", 0, true), false));
        assertThat(of(Stop.NONE, true, reset)).isEqualTo(returned("drained", 0));
    }

    @Test
    void aConnectionThatBrokeSaysThatTheEngineIsGone() {
        for (IOException end : new IOException[] {reset, new SocketTimeoutException("Connect timed out")}) {
            BreakOff broken = of(Stop.NONE, false, end);
            assertThat(broken.verdict()).isInstanceOf(Verdict.Broken.class);
            assertThat(broken.engineIsGone()).isTrue();
        }
    }

    @Test
    void theClockEndsARunAndNotAnEngine() {
        assertThat(of(Stop.NONE, false, timeout)).isEqualTo(returned("its deadline has passed", 1000));
        assertThat(of(Stop.NONE, false, new IOException("wrapped", timeout)))
                .isEqualTo(returned("its deadline has passed", 1000));
        BreakOff early = BreakOff.of(Stop.NONE, false, DEADLINE, DEADLINE.minusMillis(1), timeout);
        assertThat(early.verdict()).isInstanceOf(Verdict.Broken.class);
        assertThat(early.engineIsGone()).isFalse();
    }

    private static BreakOff of(Stop stop, boolean drained, IOException end) {
        return BreakOff.of(stop, drained, DEADLINE, DEADLINE, end);
    }

    private static BreakOff returned(String reason, long waitMillis) {
        return new BreakOff(new Verdict.Returned(reason, waitMillis), false);
    }
}
