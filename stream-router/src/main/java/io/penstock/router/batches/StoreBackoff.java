package io.penstock.router.batches;

import io.penstock.topics.id.BatchId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Patience with a payload store that fails: the batch concerned is tried again after 1 s, then twice
/// as long each time, up to a minute. Logged when it begins and when it is over, not in between.
final class StoreBackoff {
    private static final Logger LOG = LoggerFactory.getLogger(StoreBackoff.class);
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final String task;
    private final Map<BatchId, Pause> pauses = new HashMap<>();

    private record Pause(Duration length, Instant until) {}

    /// `task` says in the log what could not be done.
    StoreBackoff(String task) {
        this.task = task;
    }

    boolean mayTry(BatchId id, Instant now) {
        Pause pause = pauses.get(id);
        return pause == null || !now.isBefore(pause.until());
    }

    void failed(BatchId id, IOException e, Instant now) {
        Pause before = pauses.get(id);
        Duration length = FIRST;
        if (before == null) {
            LOG.atWarn()
                    .addKeyValue("task", task)
                    .addKeyValue("batch", id)
                    .setCause(e)
                    .log("payload store failed; trying again until it works");
        } else {
            Duration doubled = before.length().multipliedBy(2);
            length = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        }
        pauses.put(id, new Pause(length, now.plus(length)));
    }

    void succeeded(BatchId id) {
        if (pauses.remove(id) != null) {
            LOG.atInfo().addKeyValue("task", task).addKeyValue("batch", id).log("payload store works again");
        }
    }

    /// Forgets every batch that is not among `ids`.
    void retain(Set<BatchId> ids) {
        pauses.keySet().retainAll(ids);
    }
}
