package io.penstock.standalone.crash;

import java.util.List;
import java.util.stream.Collectors;

/// What a history has against it. `duplicateExecutions` is no fault: a request whose worker died is run
/// again.
public record Findings(List<Fault> faults, int duplicateExecutions) {
    public Findings {
        faults = List.copyOf(faults);
    }

    /// What can be wrong with a request, or with a batch's counts.
    public enum Kind {
        /// Submitted, and no result in a place where one belongs.
        MISSING,
        /// More than one result.
        DOUBLED,
        /// A result, or a call to an engine, that nobody asked for.
        UNKNOWN,
        /// The file says something else than the topic.
        DIFFERENT,
        /// An error in the output file, or an answer in the error file.
        MISFILED,
        /// Not in the place that the order of the input gives it, in a file that keeps that order.
        DISORDERED,
        /// Failed although the engine would have answered, or the reverse.
        SPOILED,
        /// Answered, and no engine ever saw it.
        INVENTED,
        /// Counts or status of a batch that its files belie.
        MISCOUNTED,
        /// The case could not be carried through, so that nothing can be said.
        BROKEN_OFF
    }

    /// `subject` is a custom id or a batch; `where` says in what place, or what is wrong.
    public record Fault(Kind kind, String subject, String where) {
        @Override
        public String toString() {
            return kind + " " + subject + ": " + where;
        }
    }

    public boolean isClean() {
        return faults.isEmpty();
    }

    /// How many requests (or batches) have this fault, wherever it shows.
    public long count(Kind kind) {
        return faults.stream()
                .filter(fault -> fault.kind() == kind)
                .map(Fault::subject)
                .distinct()
                .count();
    }

    /// The first 20 faults, a line each.
    @Override
    public String toString() {
        return faults.size() + " faults, " + duplicateExecutions + " duplicate executions\n"
                + faults.stream().limit(20).map(Fault::toString).collect(Collectors.joining("\n"));
    }
}
