package io.penstock.pool.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.discovery.DiscoveryRules;
import io.penstock.pool.discovery.EngineDiscovery;
import io.penstock.pool.discovery.EngineSource;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.pool.discovery.RecordingListener;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A pod's way to its API server: TLS by the cluster's own authority, a token that is replaced.
@Timeout(60)
class ServiceAccountTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path account;

    @Test
    void theServerIsTrustedByTheMountedAuthorityAndShownTheTokenOfTheMoment() throws Exception {
        KeyStore keys = keys("server");
        trust(keys);
        Files.writeString(account.resolve("token"), "first\n");
        RecordingListener listener = new RecordingListener();
        try (FakeKubernetes kubernetes = new FakeKubernetes(tls(keys));
                EngineDiscovery discovery = discovery(kubernetes, listener)) {
            kubernetes.put(FakeKubernetes.PODS, PodJson.of("a", "10.0.0.1").json());
            discovery.start();
            Awaitility.await().until(() -> listener.addresses().size() == 1 && kubernetes.watches() == 1);

            Files.writeString(account.resolve("token"), "second\n");
            kubernetes.disconnect();
            kubernetes.put(FakeKubernetes.PODS, PodJson.of("b", "10.0.0.2").json());
            Awaitility.await().until(() -> listener.addresses().size() == 2);
            assertThat(kubernetes.tokens()).startsWith("Bearer first").endsWith("Bearer second");
            assertThat(listener.failures()).isZero();
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsNotTalkedTo() throws Exception {
        trust(keys("another"));
        Files.writeString(account.resolve("token"), "secret");
        RecordingListener listener = new RecordingListener();
        try (FakeKubernetes kubernetes = new FakeKubernetes(tls(keys("server")));
                EngineDiscovery discovery = discovery(kubernetes, listener)) {
            discovery.start();
            Awaitility.await().until(() -> listener.failures() >= 1);
            assertThat(kubernetes.tokens()).isEmpty();
        }
    }

    private EngineDiscovery discovery(FakeKubernetes kubernetes, RecordingListener listener) {
        KubernetesAccess access =
                new KubernetesAccess(kubernetes.uri(), account.resolve("token"), account.resolve("ca.crt"), "ml");
        List<EngineSource> sources = List.of(EngineSource.at("k8s:///pods?selector=app%3Dvllm&port=8000"));
        return new EngineDiscovery(new EngineSources(sources, DiscoveryRules.DEFAULT, access), listener);
    }

    /// A key and its certificate for 127.0.0.1, made by the JDK's own tool.
    private KeyStore keys(String name) throws Exception {
        Path store = account.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            keys.load(file, PASSWORD);
        }
        return keys;
    }

    private void trust(KeyStore keys) throws Exception {
        String encoded = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(keys.getCertificate("server").getEncoded());
        Files.writeString(
                account.resolve("ca.crt"), "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
    }

    private static SSLContext tls(KeyStore keys) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
