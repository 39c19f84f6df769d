package io.penstock.ingest;

import io.penstock.ingest.view.Responses;
import io.penstock.ingest.view.Watch;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Place;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Requests whose answer is asked for later, in memory: what is written shows at once.
public final class MemoryResponses implements Responses {
    public final Map<RequestId, StoredResponse> all = new ConcurrentHashMap<>();
    public final Map<Place, byte[]> results = new ConcurrentHashMap<>();
    public boolean complete = true;
    private final MemoryClaims claims = new MemoryClaims();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();

    @Override
    public Held claim(String id, String fingerprint) {
        return claims.claim(id, fingerprint);
    }

    @Override
    public @Nullable StoredResponse find(RequestId id) {
        return all.get(id);
    }

    @Override
    public Collection<StoredResponse> all() {
        return all.values();
    }

    @Override
    public int count() {
        return all.size();
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public Watch watch(RequestId id) {
        Watch watch = new Watch(watches::remove);
        watches.add(watch);
        return watch;
    }

    /// How many wait.
    public int watched() {
        return watches.size();
    }

    @Override
    public void put(StoredResponse response) {
        all.put(response.id(), response);
        watches.forEach(Watch::tell);
    }

    @Override
    public byte @Nullable [] result(Place place) {
        return results.get(place);
    }
}
