package io.penstock.router.ledger;

import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Exhausted;
import io.penstock.topics.record.Explanation;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Work;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A record the ledger wants written.
public sealed interface Emit {
    /// To `work`, in the partition the worker named.
    record WorkOrder(int partition, Envelope<Work> work) implements Emit {}

    /// To `exhausted`: a request that failed on every attempt, with its inline body.
    record Dead(Envelope<Exhausted> exhausted) implements Emit {}

    /// To `lanes`: how a lane stands.
    record Report(LaneStatus status) implements Emit {}

    /// To `answers`: what this task knows of what question `question` is about.
    record Answer(String question, List<Explanation.Part> parts) implements Emit {
        public Answer {
            parts = List.copyOf(parts);
        }
    }

    /// To `started`: a worker has got request `id`, whose answer is asked for later, for the first time.
    record First(RequestId id) implements Emit {}

    /// To `results`: the one final record of request `id`. `attempts` is 0 for a request that never
    /// ran. `echo` holds its correlation headers, decoded.
    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    record ResultLine(
            RequestId id,
            byte[] line,
            End end,
            int attempts,
            @Nullable Usage usage,
            Map<String, String> echo) implements Emit {
        public ResultLine {
            echo = Map.copyOf(echo);
        }
    }
}
