package io.penstock.ingest.webhooks.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which URLs tenants may choose. What can only be known when it is connected to, the client checks.
public final class WebhookUrl {
    /// Longest URL, in characters.
    public static final int CHARS_MAX = 2048;

    private WebhookUrl() {}

    /// What is wrong with `url`; null if nothing is.
    public static @Nullable String fault(String url, Reach reach) {
        if (url.length() > CHARS_MAX) {
            return "it has " + url.length() + " characters, the limit is " + CHARS_MAX;
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return e.getReason();
        }
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        if (!secure && !(reach.clearText() && "http".equalsIgnoreCase(uri.getScheme()))) {
            return "it must begin with https:// (setting webhooks.http.allow)";
        }
        if (uri.getHost() == null) {
            return "it must name a host";
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return "it must have neither user information nor a fragment";
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            return "its port must be 1 to 65535";
        }
        return reach.privateNetworks() ? null : hostFault(uri.getHost());
    }

    private static @Nullable String hostFault(String host) {
        if (host.equalsIgnoreCase("localhost") || host.toLowerCase(Locale.ROOT).endsWith(".localhost")) {
            return new RefusedAddress("this machine").getMessage();
        }
        try {
            String refusal = AddressGuard.refusal(InetAddress.ofLiteral(host));
            return refusal == null ? null : new RefusedAddress(refusal).getMessage();
        } catch (IllegalArgumentException _) {
            return null; // a name
        }
    }
}
