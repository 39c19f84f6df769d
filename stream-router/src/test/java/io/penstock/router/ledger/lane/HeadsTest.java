package io.penstock.router.ledger.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.ledger.lane.LaneBench.Job;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What lanes hold in memory does not grow with what waits in them, and nothing is lost by that.
class HeadsTest {
    @ParameterizedTest
    @CsvSource({"400, 100", "4, 10000"})
    void neitherManySmallBatchesNorFewLargeOnesFillTheHeap(int batches, int lines) {
        LaneBench bench = new LaneBench();
        List<String> given = new ArrayList<>();
        for (int batch = 0; batch < batches; batch++) {
            String id = "batch_" + String.format("%032d", batch) + ":";
            for (int line = 1; line <= lines; line++) {
                bench.add(Job.of(id + line, "tenant-" + batch % 7));
                given.add(id + line);
            }
            bench.lanes().flush();
            assertThat(bench.lanes().held()).isLessThanOrEqualTo(16_384);
        }
        List<String> taken = bench.order(given.size());
        assertThat(taken).containsExactlyInAnyOrderElementsOf(given);
        assertThat(bench.lanes().held()).isZero();
    }
}
