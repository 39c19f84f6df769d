package io.penstock.ingest;

import io.penstock.ingest.claims.Claims;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Claims of one process, in memory: the first one of an id holds.
public final class MemoryClaims implements Claims {
    private final Map<String, String> first = new ConcurrentHashMap<>();

    @Override
    public Held claim(String id, String fingerprint) {
        String known = first.putIfAbsent(id, fingerprint);
        return new Held(known == null ? fingerprint : known, true);
    }
}
