package io.penstock.standalone.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/// A certificate authority of a test's own, and what it gives out, as the files that secrets for Kafka's
/// clients are made of.
final class TlsKeys {
    private final Path dir;
    private final HeldCertificate authority = new HeldCertificate.Builder()
            .commonName("authority")
            .certificateAuthority(0)
            .build();

    TlsKeys(Path dir) throws IOException {
        this.dir = dir;
        Files.writeString(trusted(), authority.certificatePem());
    }

    /// The authority's certificate, `ca.crt`.
    Path trusted() {
        return dir.resolve("ca.crt");
    }

    /// Writes the user's key and certificate to `<user>.key` and `<user>.crt`, as cert-manager and Strimzi do.
    void pem(String user) throws IOException {
        HeldCertificate own = issue(user);
        Files.writeString(dir.resolve(user + ".key"), own.privateKeyPkcs8Pem());
        Files.writeString(dir.resolve(user + ".crt"), own.certificatePem());
    }

    /// Writes a server's key and certificate for this machine into one file, as brokers take it.
    Path server() throws IOException {
        HeldCertificate own = issue("server");
        return Files.writeString(dir.resolve("server.pem"), own.privateKeyPkcs8Pem() + own.certificatePem());
    }

    /// Writes the user's key and certificate to `<user>.p12` and its password to `<user>.password`.
    void pkcs12(String user) throws IOException, GeneralSecurityException {
        HeldCertificate own = issue(user);
        char[] password = (user + "-store-secret").toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, password);
        store.setKeyEntry(user, own.keyPair().getPrivate(), password, new Certificate[] {
            own.certificate(), authority.certificate()
        });
        try (OutputStream file = Files.newOutputStream(dir.resolve(user + ".p12"))) {
            store.store(file, password);
        }
        Files.writeString(dir.resolve(user + ".password"), new String(password));
    }

    /// What an HTTPS server on this machine shows its callers.
    SSLContext serverContext() {
        return new HandshakeCertificates.Builder()
                .heldCertificate(issue("server"))
                .build()
                .sslContext();
    }

    private HeldCertificate issue(String name) {
        return new HeldCertificate.Builder()
                .commonName(name)
                .addSubjectAlternativeName("localhost")
                .addSubjectAlternativeName(InetAddress.getLoopbackAddress().getHostAddress())
                .signedBy(authority)
                .build();
    }
}
