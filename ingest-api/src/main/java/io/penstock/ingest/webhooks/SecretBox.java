package io.penstock.ingest.webhooks;

import io.penstock.ingest.webhooks.policy.SigningSecret;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.record.WebhookEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Signing secrets as they lie on the topic: encrypted with AES-256-GCM, each bound to its endpoint.
///
/// The first key seals; every key opens, so that keys are changed by putting a new one in front.
public final class SecretBox {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final SecureRandom random = new SecureRandom();
    private final List<Key> keys;

    /// `name` tells keys apart and nothing of what they are.
    private record Key(String name, SecretKeySpec spec) {
        static Key of(byte[] bytes) {
            SecretKeySpec spec = new SecretKeySpec(bytes, "AES");
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(spec);
                byte[] name = mac.doFinal("name of the key".getBytes(StandardCharsets.UTF_8));
                return new Key(Base64.getUrlEncoder().encodeToString(name).substring(0, 8), spec);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has HmacSHA256", e);
            }
        }
    }

    private SecretBox(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /// The keys in `file`: one a line, each Base64 of 32 bytes; empty lines and those that begin with `#`
    /// are passed over.
    ///
    /// @throws IOException if the file cannot be read or holds anything else; nothing of it is in the message
    public static SecretBox of(Path file) throws IOException {
        List<Key> keys = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                keys.add(Key.of(decoded(line.strip(), file)));
            }
        }
        if (keys.isEmpty()) {
            throw new IOException(file + " holds no key (setting webhooks.key.file)");
        }
        return new SecretBox(keys);
    }

    /// The keys in `file`, which is made with a fresh key if it is not there; its owner alone may read it.
    public static SecretBox ofOrNew(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Files.createDirectories(file.toAbsolutePath().getParent());
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (var channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            String line = Base64.getEncoder().encodeToString(key) + "\n";
            int _ = channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        } catch (FileAlreadyExistsException _) {
            // An earlier start made it.
        }
        return of(file);
    }

    private static byte[] decoded(String line, Path file) throws IOException {
        try {
            byte[] key = Base64.getDecoder().decode(line);
            if (key.length == KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException _) {
            // Said below; the line itself is a secret.
        }
        throw new IOException("each line of " + file + " must be Base64 of " + KEY_BYTES
                + " bytes, such as `openssl rand -base64 32` makes (setting webhooks.key.file)");
    }

    /// A fresh secret.
    public SigningSecret fresh() {
        return SigningSecret.random(random);
    }

    /// `secret` as it may be written to the topic.
    public WebhookEndpoint.Secret seal(WebhookEndpointId endpoint, SigningSecret secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        Key key = keys.getFirst();
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, endpoint);
            byte[] sealed = cipher.doFinal(secret.text().getBytes(StandardCharsets.UTF_8));
            byte[] both = ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return new WebhookEndpoint.Secret(
                    Base64.getEncoder().encodeToString(both), key.name(), secret.hint(), null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + CIPHER, e);
        }
    }

    /// The secrets that sign for `endpoint` at `now`.
    ///
    /// @throws UnknownKey if one of them was sealed with a key that is not among ours
    public List<SigningSecret> open(WebhookEndpoint endpoint, Instant now) throws UnknownKey {
        List<SigningSecret> opened = new ArrayList<>();
        for (WebhookEndpoint.Secret secret : endpoint.secrets()) {
            if (secret.isActive(now)) {
                opened.add(open(endpoint.id(), secret));
            }
        }
        return opened;
    }

    private SigningSecret open(WebhookEndpointId endpoint, WebhookEndpoint.Secret secret) throws UnknownKey {
        Key key = keys.stream()
                .filter(each -> each.name().equals(secret.key()))
                .findFirst()
                .orElseThrow(() -> new UnknownKey(endpoint, secret.key(), null));
        try {
            ByteBuffer both = ByteBuffer.wrap(Base64.getDecoder().decode(secret.sealed()));
            byte[] nonce = new byte[NONCE_BYTES];
            both.get(nonce);
            byte[] sealed = new byte[both.remaining()];
            both.get(sealed);
            byte[] text = cipher(Cipher.DECRYPT_MODE, key, nonce, endpoint).doFinal(sealed);
            return new SigningSecret(new String(text, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new UnknownKey(endpoint, secret.key(), e);
        }
    }

    private static Cipher cipher(int mode, Key key, byte[] nonce, WebhookEndpointId endpoint)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key.spec(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(endpoint.value().getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /// A secret that cannot be read: its key is not in the key file, or it was tampered with.
    public static final class UnknownKey extends Exception {
        private static final long serialVersionUID = 1;

        UnknownKey(WebhookEndpointId endpoint, String key, @Nullable Throwable cause) {
            super(
                    "the signing secret of " + endpoint + " was sealed with key " + key
                            + ", which is not in webhooks.key.file",
                    cause);
        }
    }
}
