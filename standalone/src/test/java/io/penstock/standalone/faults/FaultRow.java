package io.penstock.standalone.faults;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What came of one fault. Times are in milliseconds.
///
/// @param results that were committed meanwhile
/// @param pauseMs longest time between two results, or to the first after it
/// @param afterMs from the moment the cause was gone to the next result, for a cause that lasts
/// @param repeated executions of what an engine had got before
/// @param notes what a reader should know
/// @param violations what was promised and did not hold
record FaultRow(
        Fault fault,
        long lengthMs,
        int results,
        OptionalLong pauseMs,
        OptionalLong afterMs,
        int repeated,
        Chat chat,
        List<String> notes,
        List<String> violations) {
    /// The goal: after a SIGKILL of any one process, work goes on within this.
    static final Duration GOAL = Duration.ofSeconds(10);

    FaultRow {
        notes = List.copyOf(notes);
        violations = List.copyOf(violations);
    }

    /// Chat calls that were due meanwhile; `moved` went to the other replica because the first was not
    /// there. Milliseconds to the first token.
    record Chat(int calls, int errors, int moved, OptionalDouble p50Ms, OptionalDouble p95Ms) {
        static Chat of(List<ChatLoad.Call> calls) {
            double[] times = calls.stream()
                    .filter(call -> !call.failed())
                    .mapToDouble(call -> (call.firstTokenNanos() - call.dueNanos()) / 1e6)
                    .sorted()
                    .toArray();
            return new Chat(
                    calls.size(),
                    (int) calls.stream().filter(ChatLoad.Call::failed).count(),
                    (int) calls.stream().filter(call -> call.moved() > 0).count(),
                    quantile(times, 0.50),
                    quantile(times, 0.95));
        }

        private static OptionalDouble quantile(double[] sorted, double part) {
            return sorted.length == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(sorted[(int) Math.ceil(part * sorted.length) - 1]);
        }
    }
}
