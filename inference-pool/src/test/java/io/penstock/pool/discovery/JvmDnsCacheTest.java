package io.penstock.pool.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Security;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JvmDnsCacheTest {
    private static final String FOUND = "networkaddress.cache.ttl";
    private static final String NOT_FOUND = "networkaddress.cache.negative.ttl";

    @AfterEach
    void restore() {
        // What the JDK has by default; a property cannot be taken away again.
        Security.setProperty(FOUND, "30");
        Security.setProperty(NOT_FOUND, "10");
    }

    @Test
    void answersAreKeptForASecondUnlessTheOperatorSaysOtherwise() {
        JvmDnsCache.keepShortly();
        assertThat(Security.getProperty(FOUND)).isEqualTo("1");
        assertThat(Security.getProperty(NOT_FOUND)).isEqualTo("1");

        Security.setProperty(FOUND, "60");
        JvmDnsCache.keepShortly();
        assertThat(Security.getProperty(FOUND)).isEqualTo("60");
    }
}
