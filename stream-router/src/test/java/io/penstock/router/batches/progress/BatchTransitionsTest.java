package io.penstock.router.batches.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.record.BatchStatus;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The whole table of a batch's life: every status met with every event.
class BatchTransitionsTest {
    /// `status: event -> statuses entered`, in each situation the status may hide; `changed` if it stays but
    /// is changed. What is not listed does nothing.
    private static final String TABLE = """
        cancelling: line ended -> changed
        cancelling: line expired -> changed
        cancelling: lines written -> cancelled
        cancelling: parent ended -> changed
        finalizing: cancel -> cancelling
        finalizing: files merged -> completed
        finalizing: lines written -> completed, expired
        in_progress: cancel -> cancelling
        in_progress: estimated -> changed
        in_progress: expanded -> changed
        in_progress: line ended -> changed, finalizing
        in_progress: line expired -> changed, finalizing
        in_progress: parent ended -> changed, finalizing
        in_progress: pause -> changed
        in_progress: priority -> changed
        in_progress: window -> changed
        validating: cancel -> cancelling cancelled
        validating: deadline -> expired
        validating: input bad -> failed
        validating: input good -> in_progress
        validating: pause -> changed
        validating: priority -> changed
        validating: retry planned -> in_progress
        validating: window -> changed
        """;

    @Test
    void everyStatusMetWithEveryEventDoesWhatTheTableSays() {
        assertThat(seen()).isEqualTo(TABLE);
    }

    @Test
    void aStatusIsFollowedByWhatItsSuccessorsSayAndByAllOfThem() {
        Map<BatchStatus, Set<BatchStatus>> taken = new EnumMap<>(BatchStatus.class);
        for (BatchTransitions.Transition transition : BatchTransitions.all()) {
            BatchStatus from = transition.from();
            for (BatchStatus to : transition.entered()) {
                taken.computeIfAbsent(from, _ -> EnumSet.noneOf(BatchStatus.class))
                        .add(to);
                from = to;
            }
        }
        for (BatchStatus status : BatchStatus.values()) {
            assertThat(taken.getOrDefault(status, Set.of()))
                    .as("after %s", status)
                    .isEqualTo(status.successors());
        }
    }

    private static String seen() {
        Map<String, String> seen = new TreeMap<>();
        for (BatchTransitions.Transition transition : BatchTransitions.all()) {
            String outcome = transition.entered().isEmpty()
                    ? transition.changed() ? "changed" : ""
                    : transition.entered().stream().map(BatchStatus::wireName).collect(Collectors.joining(" "));
            if (!outcome.isEmpty()) {
                seen.merge(
                        transition.from().wireName() + ": " + transition.event(),
                        outcome,
                        (a, b) -> a.contains(b) ? a : a + ", " + b);
            }
        }
        return seen.entrySet().stream()
                .map(entry -> entry.getKey() + " -> " + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
