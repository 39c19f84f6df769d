package io.penstock.ingest.control;

import io.penstock.ingest.batches.Retries;
import io.penstock.ingest.view.Catalogues;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Exhausted;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which exhausted requests were not run again, as of one moment. A single request was if the audit
/// has its redrive; a line, if a retry of its batch runs it, or the retry of a retry.
final class OpenExhausted {
    private final Set<RequestId> redriven;
    private final Catalogues catalogues;
    private final Retries retries;
    private final Map<BatchId, List<Batch>> known = new HashMap<>();

    OpenExhausted(TopicTail<String, Control> commands, Catalogues catalogues, Retries retries) {
        this.redriven = new HashSet<>(redriven(commands));
        this.catalogues = catalogues;
        this.retries = retries;
    }

    boolean includes(Exhausted exhausted) {
        RequestId id = exhausted.request().id();
        BatchId batch = id.batch();
        return batch == null
                ? !redriven.contains(id)
                : retriesOf(batch).stream().noneMatch(retry -> Redriver.covers(retry, id.line(), exhausted.at()));
    }

    /// The retry of a batch, its retry, and so on.
    private List<Batch> retriesOf(BatchId batch) {
        return known.computeIfAbsent(batch, id -> {
            Batch parent = catalogues.batch(id);
            return parent == null ? List.of() : retries.chain(parent);
        });
    }

    private static List<RequestId> redriven(TopicTail<String, Control> commands) {
        return commands.newestFirst(
                control -> control.target() instanceof Control.OneRequest(RequestId id)
                                && control.action() instanceof Control.Redrive
                        ? id
                        : null,
                TopicTail.RECORDS_MAX);
    }
}
