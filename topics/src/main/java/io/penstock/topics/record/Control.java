package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.RequestId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A command on live work: what `by` wants done with `target` since `at`, and `why`. Sent to every
/// partition of `control`, which keeps it for audit.
///
/// A repeated command changes nothing. Commands of the same kind on the same target replace each other
/// in the order of the partition, so the last one sent is the one in force.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Control(
        Target target, Action action, String by, @Nullable String why, Instant at) {
    /// What a command is about.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = OneBatch.class, name = "batch"),
        @JsonSubTypes.Type(value = OneRequest.class, name = "request")
    })
    public sealed interface Target {
        /// Its id, as the key of the record.
        @JsonIgnore
        String key();
    }

    /// A batch, with all its lines.
    public record OneBatch(BatchId batch) implements Target {
        @Override
        public String key() {
            return batch.value();
        }
    }

    /// A single request, which may be a batch line.
    public record OneRequest(RequestId request) implements Target {
        @Override
        public String key() {
            return request.value();
        }
    }

    /// What is to be done.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Cancel.class, name = "cancel"),
        @JsonSubTypes.Type(value = Pause.class, name = "pause"),
        @JsonSubTypes.Type(value = Resume.class, name = "resume"),
        @JsonSubTypes.Type(value = Prioritise.class, name = "prioritise"),
        @JsonSubTypes.Type(value = Extend.class, name = "extend"),
        @JsonSubTypes.Type(value = Retry.class, name = "retry"),
        @JsonSubTypes.Type(value = Redrive.class, name = "redrive"),
        @JsonSubTypes.Type(value = Explain.class, name = "explain")
    })
    public sealed interface Action {}

    /// End every unfinished request of the target as cancelled; what runs is aborted at its engine.
    public record Cancel() implements Action {}

    /// Give no more of the target to workers; what runs goes on, and deadlines keep counting.
    public record Pause() implements Action {}

    /// Undo a pause.
    public record Resume() implements Action {}

    /// Move what is unfinished of the target to `band`, the band of `objective`; what runs goes on as it was given
    /// out, and is moved if it comes back.
    public record Prioritise(ObjectiveName objective, Band band) implements Action {}

    /// Set the target's deadline to `deadline`, which is later than the present one.
    public record Extend(Instant deadline) implements Action {}

    /// For the audit only: the failed lines of the target were submitted again as batch `as`, whose own
    /// record says the rest.
    public record Retry(BatchId as) implements Action {}

    /// For the audit only: the exhausted target was put on `requests.*` again as request `as`.
    public record Redrive(RequestId as) implements Action {}

    /// Say why the target waits: every ledger task answers question `question` on `answers`. Changes
    /// nothing.
    public record Explain(String question) implements Action {}
}
