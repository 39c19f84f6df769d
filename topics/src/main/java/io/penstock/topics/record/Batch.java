package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A batch as everyone outside the batches application sees it: what was submitted, and how far it is.
///
/// `since` says when it entered each status it has been in (the creation is `validating`). `model` is
/// set when all lines name the same one. `directive` is what commands have changed, `estimate` when it
/// will be done, null while nobody can tell. `preview` is what a dry run found. The record of a batch on the
/// topic replaces the one before it.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Batch(
        BatchId id,
        Submission submission,
        BatchStatus status,
        Map<BatchStatus, Instant> since,
        Counts counts,
        @Nullable Usage usage,
        @Nullable ModelName model,
        List<LineError> errors,
        @Nullable FileId outputFile,
        @Nullable FileId errorFile,
        Directive directive,
        @Nullable Estimate estimate,
        @Nullable Preview preview) {
    public Batch {
        directive = directive == null ? Directive.NONE : directive;
        since = Map.copyOf(since);
        errors = List.copyOf(errors);
    }

    /// Lines of a batch: `total` is 0 until the input is validated; `completed` are in the output file,
    /// `failed`, `expired` and `cancelled` ones in the error file.
    public record Counts(int total, int completed, int failed, int expired, int cancelled) {
        /// Nothing counted yet.
        public static final Counts NONE = Counts.of(0);

        /// `total` lines, none of which has ended.
        public static Counts of(int total) {
            return new Counts(total, 0, 0, 0, 0);
        }

        /// One more line that ended so.
        public Counts plus(End end) {
            return switch (end) {
                case COMPLETED -> new Counts(total, completed + 1, failed, expired, cancelled);
                case FAILED -> new Counts(total, completed, failed + 1, expired, cancelled);
                case EXPIRED -> new Counts(total, completed, failed, expired + 1, cancelled);
                case CANCELLED -> new Counts(total, completed, failed, expired, cancelled + 1);
            };
        }

        /// Lines in the error file.
        public int erroneous() {
            return failed + expired + cancelled;
        }

        /// Lines that have not ended.
        public int unfinished() {
            return total - completed - erroneous();
        }
    }

    /// A batch just accepted.
    public static Batch submitted(BatchId id, Submission submission) {
        return new Batch(
                id,
                submission,
                BatchStatus.VALIDATING,
                Map.of(BatchStatus.VALIDATING, submission.createdAt()),
                Counts.NONE,
                null,
                null,
                List.of(),
                null,
                null,
                Directive.NONE,
                null,
                null);
    }

    /// The same batch, in `next` since `now`; fails if `next` may not follow the present status.
    public Batch entering(BatchStatus next, Instant now) {
        if (!status.successors().contains(next)) {
            throw new IllegalStateException(id + " cannot go from " + status.wireName() + " to " + next.wireName());
        }
        EnumMap<BatchStatus, Instant> entered = new EnumMap<>(since);
        entered.putIfAbsent(next, now);
        return but(draft -> {
            draft.status = next;
            draft.since = entered;
        });
    }

    /// The same batch with other line counts and usage.
    public Batch counting(Counts newCounts, Usage newUsage) {
        return but(draft -> {
            draft.counts = newCounts;
            draft.usage = newUsage;
        });
    }

    /// The same batch with what validation found.
    public Batch validated(Counts newCounts, @Nullable ModelName newModel, List<LineError> newErrors) {
        return but(draft -> {
            draft.counts = newCounts;
            draft.model = newModel;
            draft.errors = newErrors;
        });
    }

    /// The same batch with its published files; null where a file has no line.
    public Batch published(@Nullable FileId output, @Nullable FileId error) {
        return but(draft -> {
            draft.outputFile = output;
            draft.errorFile = error;
        });
    }

    /// The same batch under `newDirective`.
    public Batch directed(Directive newDirective) {
        return but(draft -> draft.directive = newDirective);
    }

    /// The same batch with another estimate, null for none.
    public Batch estimated(@Nullable Estimate newEstimate) {
        return but(draft -> draft.estimate = newEstimate);
    }

    /// The same batch with what its dry run found, faults included.
    public Batch previewed(Preview found, List<LineError> faults) {
        return but(draft -> {
            draft.errors = faults;
            draft.preview = found;
        });
    }

    /// When its window ends: as submitted, or as extended since.
    public Instant deadline() {
        return directive.deadline() == null ? submission.expiresAt() : directive.deadline();
    }

    /// Its objective: as submitted, or as changed since.
    public ObjectiveName objective() {
        return directive.objective() == null ? submission.objective() : directive.objective();
    }

    /// The same batch, but for what `change` sets.
    private Batch but(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.batch();
    }

    /// A batch while it is changed.
    private static final class Draft {
        private final Batch of;
        private BatchStatus status;
        private Map<BatchStatus, Instant> since;
        private Counts counts;
        private @Nullable Usage usage;
        private @Nullable ModelName model;
        private List<LineError> errors;
        private @Nullable FileId outputFile;
        private @Nullable FileId errorFile;
        private Directive directive;
        private @Nullable Estimate estimate;
        private @Nullable Preview preview;

        Draft(Batch of) {
            this.of = of;
            status = of.status;
            since = of.since;
            counts = of.counts;
            usage = of.usage;
            model = of.model;
            errors = of.errors;
            outputFile = of.outputFile;
            errorFile = of.errorFile;
            directive = of.directive;
            estimate = of.estimate;
            preview = of.preview;
        }

        Batch batch() {
            return new Batch(
                    of.id,
                    of.submission,
                    status,
                    since,
                    counts,
                    usage,
                    model,
                    errors,
                    outputFile,
                    errorFile,
                    directive,
                    estimate,
                    preview);
        }
    }
}
