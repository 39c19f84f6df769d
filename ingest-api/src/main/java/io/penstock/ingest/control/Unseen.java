package io.penstock.ingest.control;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.topics.record.Exhausted;
import java.util.LinkedHashSet;
import java.util.Set;

/// The names in a redrive that no exhausted request was seen to have so far. One that none has is a mistake, which
/// must not look as if all was done already.
final class Unseen {
    private final Wanted wanted;
    private final Set<String> ids;
    private final Set<String> customIds;

    Unseen(Wanted wanted) {
        this.wanted = wanted;
        this.ids = new LinkedHashSet<>(wanted.ids());
        this.customIds = new LinkedHashSet<>(wanted.customIds());
    }

    /// How many there are.
    int size() {
        return ids.size() + customIds.size();
    }

    /// Strikes out the names of `exhausted`; false if it has none of them.
    boolean strike(Exhausted exhausted) {
        boolean byId = ids.remove(exhausted.request().id().value());
        boolean byCustomId = wanted.isOfBatch(exhausted)
                && customIds.remove(exhausted.request().customId());
        return byId || byCustomId;
    }

    /// @throws ApiException 400 for the first one, if there is any
    void requireNone() {
        if (!ids.isEmpty()) {
            throw unknown("ids", "No request '" + ids.iterator().next() + "'");
        }
        if (!customIds.isEmpty()) {
            throw unknown(
                    "custom_ids",
                    "No line of batch '" + wanted.batch() + "' with the custom_id '"
                            + customIds.iterator().next() + "'");
        }
    }

    private static ApiException unknown(String field, String what) {
        return new ApiException(
                ErrorKind.INVALID_VALUE,
                what + " is among the last " + TopicTail.RECORDS_MAX
                        + " that failed on every attempt; nothing was run again.",
                field);
    }
}
