package io.penstock.ingest;

import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.view.Catalogues;
import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.ObjectiveName;

/// The objective of what a call submits.
public final class AskedObjective {
    private AskedObjective() {}

    /// The objective the client names, if there is one of that name, else `standard`; never an error
    /// (Endpoint Picker: an unknown objective is no objective).
    public static ObjectiveName of(Exchange exchange, Catalogues catalogues, ObjectiveName standard) {
        for (String header : Headers.OBJECTIVE) {
            String name = exchange.header(header);
            if (name != null
                    && name.matches("[\\x21-\\x7e]{1,253}")
                    && catalogues.isObjective(new ObjectiveName(name))) {
                return new ObjectiveName(name);
            }
        }
        return standard;
    }
}
