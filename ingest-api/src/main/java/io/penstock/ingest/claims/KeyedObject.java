package io.penstock.ingest.claims;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import org.jspecify.annotations.Nullable;

/// The object that a submission under an idempotency key asks for.
public interface KeyedObject<T> {
    /// The object as it is now, null if the log has none.
    ///
    /// @throws ApiException of kind `OVERLOADED` if that cannot be told in time
    @Nullable
    T known();

    /// The object, as soon as another replica has made it; null if it does not in time.
    @Nullable
    T awaited();

    /// The object if it is what the submission asks for.
    ///
    /// @throws ApiException of kind `CONFLICT` if it is not
    T checked(T object);

    /// Refuses what could not be made, before the key is claimed for it: the key may then be used for
    /// something better.
    ///
    /// @throws ApiException as making it would
    default void precheck() {}

    /// Makes it; the log has what is returned.
    T make();

    /// What a submission is told that comes after another one of the same key, which is for what has the
    /// fingerprint `holds`.
    default ApiException conflict(String holds) {
        return new ApiException(ErrorKind.CONFLICT, "The idempotency key was used before, with other parameters.");
    }
}
