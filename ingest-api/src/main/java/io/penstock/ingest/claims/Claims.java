package io.penstock.ingest.claims;

/// Who may make the object of an idempotency key, or end an upload.
public interface Claims {
    /// Claims object `id` for what has `fingerprint`, and says which claim holds, once the log has decided it.
    ///
    /// @throws io.penstock.ingest.http.ApiException of kind `OVERLOADED` if that cannot be decided in time
    Held claim(String id, String fingerprint);

    /// The claim that holds: of what it was made, and whether by this process.
    record Held(String fingerprint, boolean ours) {}
}
