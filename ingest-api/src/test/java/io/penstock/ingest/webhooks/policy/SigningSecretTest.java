package io.penstock.ingest.webhooks.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigningSecretTest {
    private static final SigningSecret SECRET = new SigningSecret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    private static final String ID = "evt_0123456789abcdef0123456789abcdef";
    private static final byte[] PAYLOAD = "{\"id\":\"evt_1\",\"object\":\"event\"}".getBytes(StandardCharsets.UTF_8);
    private static final Instant AT = Instant.ofEpochMilli(1_764_000_000_999L);

    /// Computed with `openssl dgst -sha256 -mac HMAC` over `id.timestamp.payload`.
    private static final String SIGNATURE = "v1,MHjKHirMv0+jMpVAGwknBLlVDfvj+sU2rg2UlqguHjY=";

    @Test
    void signsAsOpensslDoes() {
        assertThat(SigningSecret.header(List.of(SECRET), ID, AT, PAYLOAD)).isEqualTo(SIGNATURE);
    }

    @Test
    void everySecretSignsForItself() {
        SigningSecret other = SigningSecret.random(new SecureRandom());
        assertThat(SigningSecret.header(List.of(other, SECRET), ID, AT, PAYLOAD).split(" "))
                .hasSize(2)
                .endsWith(SIGNATURE)
                .doesNotHaveDuplicates();
    }

    @Test
    void freshSecretsHave32BytesAndShowThemselvesShortened() {
        SigningSecret fresh = SigningSecret.random(new SecureRandom());
        assertThat(Base64.getDecoder().decode(fresh.text().substring("whsec_".length())))
                .hasSize(32);
        assertThat(fresh.toString()).isEqualTo("whsec_…" + fresh.hint()).hasSizeLessThan(12);
    }

    @Test
    void whatIsNoSecretIsRefused() {
        assertThatThrownBy(() -> new SigningSecret("AAECAwQF")).hasMessageContaining("24 to 64 bytes");
        assertThatThrownBy(() -> new SigningSecret("whsec_AAECAwQF")).hasMessageContaining("24 to 64 bytes");
    }
}
