package io.penstock.ingest.webhooks.http;

import java.io.IOException;

/// A connection that was not made. The message does not tell the address: what a name resolves to in here
/// is not for tenants to know.
final class RefusedAddress extends IOException {
    private static final long serialVersionUID = 1;

    RefusedAddress(String what) {
        super("the address belongs to " + what + " (setting webhooks.private.networks.allow)");
    }
}
