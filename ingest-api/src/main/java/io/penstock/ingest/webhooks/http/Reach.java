package io.penstock.ingest.webhooks.http;

/// What tenants may choose as endpoints: addresses of private networks, and URLs without TLS.
public record Reach(boolean privateNetworks, boolean clearText) {
    /// The public Internet over HTTPS.
    public static final Reach PUBLIC = new Reach(false, false);

    /// Anything, this machine included: for a laptop and for tests.
    public static final Reach ANYWHERE = new Reach(true, true);
}
