package io.penstock.ingest.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ingest.webhooks.policy.SigningSecret;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.record.WebhookEndpoint;
import io.penstock.topics.record.WebhookEndpoint.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretBoxTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final WebhookEndpointId ID = WebhookEndpointId.random();

    @TempDir
    Path dir;

    @Test
    void whatIsSealedOpensAndShowsNothing() throws Exception {
        SecretBox box = SecretBox.ofOrNew(dir.resolve("key"));
        SigningSecret secret = box.fresh();
        Secret sealed = box.seal(ID, secret);
        assertThat(sealed.sealed()).doesNotContain(secret.text().substring(6, 12));
        assertThat(box.seal(ID, secret).sealed()).isNotEqualTo(sealed.sealed());
        assertThat(box.open(endpoint(ID, sealed), NOW)).containsExactly(secret);
        assertThat(SecretBox.ofOrNew(dir.resolve("key")).open(endpoint(ID, sealed), NOW))
                .as("after a restart")
                .containsExactly(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aSecretIsBoundToItsEndpoint() throws Exception {
        SecretBox box = SecretBox.ofOrNew(dir.resolve("key"));
        Secret sealed = box.seal(ID, box.fresh());
        assertThatThrownBy(() -> box.open(endpoint(WebhookEndpointId.random(), sealed), NOW))
                .isInstanceOf(SecretBox.UnknownKey.class);
    }

    @Test
    void keysAreChangedByPuttingANewOneInFront() throws Exception {
        SecretBox old = SecretBox.ofOrNew(dir.resolve("old"));
        SigningSecret secret = old.fresh();
        Secret sealed = old.seal(ID, secret);
        SecretBox fresh = SecretBox.ofOrNew(dir.resolve("new"));
        assertThatThrownBy(() -> fresh.open(endpoint(ID, sealed), NOW))
                .isInstanceOf(SecretBox.UnknownKey.class)
                .hasMessageContaining("webhooks.key.file");

        Files.writeString(
                dir.resolve("both"),
                "# since today\n" + Files.readString(dir.resolve("new")) + Files.readString(dir.resolve("old")));
        SecretBox both = SecretBox.of(dir.resolve("both"));
        assertThat(both.open(endpoint(ID, sealed), NOW)).containsExactly(secret);
        assertThat(fresh.open(endpoint(ID, both.seal(ID, secret)), NOW)).containsExactly(secret);
    }

    @Test
    void anOldSecretSignsForItsTimeAndNoLonger() throws Exception {
        SecretBox box = SecretBox.ofOrNew(dir.resolve("key"));
        SigningSecret first = box.fresh();
        SigningSecret second = box.fresh();
        Duration day = Duration.ofHours(24);
        WebhookEndpoint rotated = endpoint(ID, box.seal(ID, first)).rotated(box.seal(ID, second), NOW.plus(day), NOW);
        assertThat(box.open(rotated, NOW.plus(day).minusMillis(1))).containsExactly(second, first);
        assertThat(box.open(rotated, NOW.plus(day))).containsExactly(second);

        WebhookEndpoint again =
                rotated.rotated(box.seal(ID, box.fresh()), NOW.plus(day.multipliedBy(2)), NOW.plusSeconds(1));
        assertThat(again.secrets().getLast().until())
                .as("no longer than it was to")
                .isEqualTo(NOW.plus(day));
        assertThat(again.rotated(box.seal(ID, box.fresh()), null, NOW).secrets())
                .hasSize(1);
    }

    @Test
    void aFileThatHoldsNoKeysIsRefusedWithoutShowingIt() throws IOException {
        Path file = Files.writeString(dir.resolve("key"), "correct horse battery staple\n");
        assertThatThrownBy(() -> SecretBox.of(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("webhooks.key.file")
                .hasMessageNotContaining("horse");
        Files.writeString(file, "\n# nothing\n");
        assertThatThrownBy(() -> SecretBox.of(file)).hasMessageContaining("holds no key");
    }

    private static WebhookEndpoint endpoint(WebhookEndpointId id, Secret secret) {
        return new WebhookEndpoint(
                id,
                TenantId.DEFAULT,
                "name",
                "https://example.com",
                List.of("batch.completed"),
                List.of(secret),
                NOW,
                null);
    }
}
