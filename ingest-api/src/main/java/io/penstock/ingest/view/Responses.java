package io.penstock.ingest.view;

import io.penstock.ingest.claims.Claims;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Place;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The requests whose answer is asked for later: what handlers read and write of them. Reading the
/// records never fails; while Kafka is away it shows what was last known.
public interface Responses extends Claims {
    /// The request, null if there is none.
    @Nullable
    StoredResponse find(RequestId id);

    /// The request, null if there is none for sure.
    ///
    /// @throws io.penstock.ingest.http.ApiException of kind `OVERLOADED` if that cannot be told in time
    default @Nullable StoredResponse settled(RequestId id) {
        return find(id);
    }

    /// The request as soon as there is one, null if there is none in time.
    default @Nullable StoredResponse awaited(RequestId id) {
        return find(id);
    }

    /// Every request, in no order.
    Collection<StoredResponse> all();

    /// About how many there are.
    int count();

    /// True once all that was written before the start is known.
    boolean isComplete();

    /// Tells of the changes of one request from now on; to be closed.
    Watch watch(RequestId id);

    /// Writes the record; returns once the log has it for good, and it shows here at once.
    ///
    /// @throws io.penstock.ingest.http.ApiException of kind `OVERLOADED` if the log cannot be written now
    void put(StoredResponse response);

    /// The result line at `place`, null if the log no longer keeps it.
    ///
    /// @throws io.penstock.ingest.http.ApiException of kind `OVERLOADED` if the log cannot be read now
    byte @Nullable [] result(Place place);
}
