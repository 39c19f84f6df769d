package io.penstock.pool.discovery;

import java.security.Security;

/// The JVM's own cache of DNS answers, which keeps them for 30 s by default, and failures for 10 s.
public final class JvmDnsCache {
    private static final String[] SECONDS = {"networkaddress.cache.ttl", "networkaddress.cache.negative.ttl"};

    private JvmDnsCache() {}

    /// Lets it keep them for 1 s, unless the JVM's security properties say otherwise, so that names are
    /// followed as often as the setting `discovery.dns.ms` says. The JVM reads this with its first look-up,
    /// so a program does it first of all.
    public static void keepShortly() {
        for (String property : SECONDS) {
            String said = Security.getProperty(property);
            boolean isDefault = said == null || said.equals("10");
            if (isDefault) {
                Security.setProperty(property, "1");
            }
        }
    }
}
