package io.penstock.ingest;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.ModelName;
import org.jspecify.annotations.Nullable;

/// The model that a call's headers ask for in place of its body's.
public final class AskedModel {
    private AskedModel() {}

    /// The model, null if no header names one.
    ///
    /// @throws ApiException 400 if what a header says is no model's name
    public static @Nullable ModelName of(Exchange exchange) {
        for (String header : Headers.MODEL_REWRITE) {
            String given = exchange.header(header);
            if (given != null) {
                try {
                    return new ModelName(given);
                } catch (IllegalArgumentException e) {
                    throw new ApiException(ErrorKind.BAD_REQUEST, "Header " + header + ": " + e.getMessage());
                }
            }
        }
        return null;
    }
}
