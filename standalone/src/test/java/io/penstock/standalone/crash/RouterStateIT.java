package io.penstock.standalone.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A router's state on disk is used after an orderly end. After a kill it is wiped before the start, where Kafka
/// Streams would take half a minute to find that it cannot use it.
class RouterStateIT {
    private static final String WIPED = "the last end was not orderly: state is read from Kafka anew";

    /// What Streams says of stores that it finds and will not use.
    private static final String CORRUPTED = "TaskCorruptedException";

    @TempDir
    Path dir;

    @Test
    @Timeout(180)
    void onlyAKilledRouterReadsItsStateAnew() throws Exception {
        try (Trial trial = new Trial(dir)) {
            ChildJvm ledger = trial.ledger();

            ledger.terminate();
            ledger.restart();
            trial.cluster().awaitReady(ledger);
            assertThat(ledger.logOfThisLife()).doesNotContain(WIPED, CORRUPTED);

            ledger.kill();
            ledger.restart();
            trial.cluster().awaitReady(ledger);
            assertThat(ledger.logOfThisLife()).contains(WIPED).doesNotContain(CORRUPTED);
        }
    }
}
