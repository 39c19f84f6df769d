package io.penstock.router.ledger.lane;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Tag;
import org.jspecify.annotations.Nullable;

/// Which backlog a request belongs to. `band` is the one it was tagged with; a command may have moved
/// the backlog to another. `batch` is null for a tenant's single requests.
public record BacklogKey(
        PoolName pool,
        Band band,
        TenantId tenant,
        ModelName model,
        @Nullable BatchId batch) {
    private static final String NO_BATCH = "-";

    /// The backlog of `request`.
    public static BacklogKey of(Request request) {
        Tag tag = request.tag();
        return new BacklogKey(
                tag.pool(),
                tag.band(),
                tag.tenant(),
                tag.servedAs(),
                request.id().batch());
    }

    static BacklogKey parse(String text) {
        String[] parts = text.split(" ", -1);
        return new BacklogKey(
                new PoolName(parts[0]),
                Band.parse(parts[1]),
                new TenantId(parts[2]),
                new ModelName(parts[3]),
                parts[4].equals(NO_BATCH) ? null : new BatchId(parts[4]));
    }

    String text() {
        return pool + " " + band.wireName() + " " + tenant + " " + model + " " + (batch == null ? NO_BATCH : batch);
    }
}
