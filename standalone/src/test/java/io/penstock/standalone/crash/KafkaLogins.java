package io.penstock.standalone.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A broker's three secured listeners, and how the programs log in to each: the settings of
/// `docs/kafka-security.md`, with the addresses and folders of a test. Secrets stand in files in `dir`.
final class KafkaLogins implements AutoCloseable {
    /// The principal of a certificate is its common name, that of a token its subject.
    private static final String COMMON_NAME = "RULE:^CN=([^,]+).*$/$1/,DEFAULT";

    private final Path dir;
    private final TlsKeys keys;
    private final TokenIssuer tokens;
    private final int scramPort;
    private final int certificatePort;
    private final int tokenPort;

    KafkaLogins(Path dir, int scramPort) throws IOException {
        this.dir = dir;
        this.keys = new TlsKeys(dir);
        this.tokens = new TokenIssuer(keys.serverContext());
        this.scramPort = scramPort;
        this.certificatePort = Programs.freePort();
        this.tokenPort = Programs.freePort();
    }

    /// What the broker is started with; its own listener, PLAINTEXT by name, asks for SCRAM.
    Map<String, String> brokerSettings() throws IOException {
        Path jwks = tokens.publish(dir.resolve("jwks.json"));
        System.setProperty("org.apache.kafka.sasl.oauthbearer.allowed.files", jwks.toString());
        System.setProperty("org.apache.kafka.sasl.oauthbearer.allowed.urls", allowedUrls() + "," + jwks.toUri());
        Map<String, String> settings = new HashMap<>(SaslUsers.brokerSettings());
        int controllerPort = Programs.freePort();
        String clients = "PLAINTEXT://127.0.0.1:" + scramPort + ",CERTIFICATE://127.0.0.1:" + certificatePort
                + ",TOKEN://127.0.0.1:" + tokenPort;
        settings.put("listeners", clients + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", clients);
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.merge(
                "listener.security.protocol.map", "CERTIFICATE:SSL,TOKEN:SASL_SSL", (ours, more) -> ours + "," + more);
        Path server = keys.server();
        for (String listener : List.of("certificate", "token")) {
            String prefix = "listener.name." + listener + ".";
            settings.put(prefix + "ssl.keystore.type", "PEM");
            settings.put(prefix + "ssl.keystore.location", server.toString());
            settings.put(prefix + "ssl.truststore.type", "PEM");
            settings.put(prefix + "ssl.truststore.location", keys.trusted().toString());
        }
        settings.put("listener.name.certificate.ssl.client.auth", "required");
        settings.put("listener.name.certificate.ssl.principal.mapping.rules", COMMON_NAME);
        String token = "listener.name.token.";
        settings.put(token + "sasl.enabled.mechanisms", "OAUTHBEARER");
        settings.put(
                token + "oauthbearer.sasl.jaas.config",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
        settings.put(
                token + "oauthbearer.sasl.server.callback.handler.class",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler");
        settings.put(
                token + "oauthbearer.sasl.oauthbearer.jwks.endpoint.url",
                jwks.toUri().toString());
        settings.put(token + "oauthbearer.sasl.oauthbearer.expected.issuer", TokenIssuer.ISSUER);
        settings.put(token + "oauthbearer.sasl.oauthbearer.expected.audience", TokenIssuer.AUDIENCE);
        return settings;
    }

    /// By name and password, SCRAM-SHA-512.
    Map<String, String> scram(String user) {
        return Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + scramPort,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                SaslUsers.login(user, secret(user)));
    }

    /// By certificate, from PEM files.
    Map<String, String> certificate(String user) throws IOException {
        keys.pem(user);
        return overTls(
                certificatePort,
                Map.of(
                        "security.protocol",
                        "SSL",
                        "ssl.keystore.type",
                        "PEM",
                        "ssl.keystore.key",
                        secret(user + ".key"),
                        "ssl.keystore.certificate.chain",
                        secret(user + ".crt")));
    }

    /// By certificate, from a PKCS#12 store.
    Map<String, String> certificateStore(String user) throws Exception {
        keys.pkcs12(user);
        return overTls(
                certificatePort,
                Map.of(
                        "security.protocol",
                        "SSL",
                        "ssl.keystore.type",
                        "PKCS12",
                        "ssl.keystore.location",
                        dir.resolve(user + ".p12").toString(),
                        "ssl.keystore.password",
                        secret(user + ".password")));
    }

    /// By nothing, where a certificate is asked for.
    Map<String, String> noCertificate() {
        return overTls(certificatePort, Map.of("security.protocol", "SSL"));
    }

    /// By a token that is fetched for the user's client secret.
    Map<String, String> token(String user) throws IOException {
        Files.writeString(dir.resolve(user + ".secret"), TokenIssuer.secret(user));
        return overTls(
                tokenPort,
                Map.of(
                        "security.protocol",
                        "SASL_SSL",
                        "sasl.mechanism",
                        "OAUTHBEARER",
                        "sasl.login.callback.handler.class",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler",
                        "sasl.oauthbearer.token.endpoint.url",
                        tokens.endpoint(),
                        "sasl.oauthbearer.client.credentials.client.id",
                        user,
                        "sasl.oauthbearer.client.credentials.client.secret",
                        secret(user + ".secret"),
                        "sasl.oauthbearer.scope",
                        "kafka",
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
                                + " ssl.truststore.type=\"PEM\" ssl.truststore.location=\"" + keys.trusted()
                                + "\";"));
    }

    /// The value of the JVM property that lets Kafka's clients fetch tokens.
    String allowedUrls() {
        return tokens.endpoint();
    }

    /// How many tokens were fetched.
    int tokensIssued() {
        return tokens.issued();
    }

    @Override
    public void close() {
        tokens.close();
        System.clearProperty("org.apache.kafka.sasl.oauthbearer.allowed.files");
        System.clearProperty("org.apache.kafka.sasl.oauthbearer.allowed.urls");
    }

    private Map<String, String> overTls(int port, Map<String, String> login) {
        Map<String, String> settings = new HashMap<>(login);
        settings.put("bootstrap.servers", "127.0.0.1:" + port);
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", keys.trusted().toString());
        return settings;
    }

    private String secret(String file) {
        return "${dir:" + dir + ":" + file + "}";
    }
}
