package io.penstock.ingest.webhooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.254",
                "127.0.0.1",
                "127.1.2.3",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.168.1.1",
                "198.19.0.1",
                "203.0.113.7",
                "224.0.0.1",
                "239.255.255.250",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:7f00:1",
                "64:ff9b::169.254.169.254",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "2002:7f00:1::",
                "2002:c0a8:101::1",
                "2001::1",
                "2001:db8::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1"
            })
    void whatIsNotPublicIsRefused(String address) {
        assertThat(AddressGuard.refusal(InetAddress.ofLiteral(address))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "223.255.255.255",
                "::ffff:8.8.8.8",
                "64:ff9b::8.8.8.8",
                "2002:808:808::1",
                "2606:4700:4700::1111",
                "2a00:1450:4001:80b::200e"
            })
    void whatIsPublicIsNot(String address) {
        assertThat(AddressGuard.refusal(InetAddress.ofLiteral(address))).isNull();
    }

    /// Java makes plain IPv4 of these; one that was made another way is no way around.
    @Test
    void aMappedAddressThatStayedIPv6IsRefused() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
        assertThat(AddressGuard.refusal(Inet6Address.getByAddress("mapped", mapped, 0)))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.com/hook, https://",
        "ftp://example.com/hook, https://",
        "example.com/hook, https://",
        "https:///hook, host",
        "https://user:pass@example.com/, user information",
        "https://example.com/#part, fragment",
        "https://example.com:70000/, port",
        "https://localhost/, this machine",
        "https://metadata.localhost/, this machine",
        "https://127.0.0.1/, this machine",
        "https://[::1]:8443/, this machine",
        "https://169.254.169.254/latest, link-local",
        "https://[fd00:ec2::254]/, private"
    })
    void urlsThatCannotBeEndpointsAreRefusedWithTheReason(String url, String reason) {
        assertThat(WebhookUrl.fault(url, Reach.PUBLIC)).contains(reason);
    }

    @Test
    void otherUrlsAreNot() {
        assertThat(WebhookUrl.fault("https://example.com:8443/hook?a=b", Reach.PUBLIC))
                .isNull();
        assertThat(WebhookUrl.fault("https://[2606:4700:4700::1111]/", Reach.PUBLIC))
                .isNull();
        assertThat(WebhookUrl.fault("http://127.0.0.1:8080/", Reach.ANYWHERE)).isNull();
        assertThat(WebhookUrl.fault("https://example.com/" + "x".repeat(2048), Reach.ANYWHERE))
                .contains("2048");
    }
}
