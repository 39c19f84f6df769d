package io.penstock.ingest.claims;

import io.penstock.ingest.openai.Idempotency;
import java.util.function.Supplier;

/// Makes one object of an idempotency key, however often and at how many replicas at once it is asked for: what is
/// there is returned; else the first claim on the log says of what the object is made, and every other
/// submission gets that object, or 409.
///
/// Should the replica whose claim holds stop before it makes the object, the next submission of the same content
/// makes it.
public final class OncePerKey {
    private final Claims claims;
    private final Idempotency inThisProcess = new Idempotency();

    public OncePerKey(Claims claims) {
        this.claims = claims;
    }

    /// The object `id` as a submission of what has `fingerprint` gets it.
    ///
    /// @throws io.penstock.ingest.http.ApiException 409 if it was made of something else; 503 if that cannot be
    ///  told now
    public <T> T submit(String id, String fingerprint, KeyedObject<T> object) {
        return inThisProcess.alone(id, () -> {
            T known = object.known();
            if (known != null) {
                return object.checked(known);
            }
            object.precheck();
            Claims.Held held = claims.claim(id, fingerprint);
            if (!held.fingerprint().equals(fingerprint)) {
                throw object.conflict(held.fingerprint());
            }
            // One of ours that made nothing has failed: nobody else is at it.
            T made = held.ours() ? null : object.awaited();
            return made == null ? object.make() : object.checked(made);
        });
    }

    /// Runs a submission without a key while no other one of `what` runs in this process.
    public <T> T alone(String what, Supplier<T> submission) {
        return inThisProcess.alone(what, submission);
    }
}
