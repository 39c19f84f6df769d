package io.penstock.standalone.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/// An OAuth 2 token endpoint over HTTPS: client credentials in, a signed JWT out, whose subject is the client.
/// Every client's secret is its name and `-secret`.
final class TokenIssuer implements AutoCloseable {
    static final String ISSUER = "https://login.penstock.test";
    static final String AUDIENCE = "kafka";

    /// A client whose tokens are signed by a key that is not among those published.
    static final String FORGER = "forger";

    private static final Duration VALID = Duration.ofHours(1);

    private final KeyPair key = rsa();
    private final KeyPair foreignKey = rsa();
    private final InstantSource clock = InstantSource.system();
    private final AtomicInteger issued = new AtomicInteger();
    private final HttpsServer server;

    TokenIssuer(SSLContext tls) throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/token", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    String endpoint() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    /// How many tokens it has given out.
    int issued() {
        return issued.get();
    }

    static String secret(String client) {
        return client + "-secret";
    }

    /// Writes the public key as a JSON Web Key Set.
    Path publish(Path file) throws IOException {
        RSAPublicKey published = (RSAPublicKey) key.getPublic();
        return Files.writeString(
                file,
                "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"k1\",\"n\":\""
                        + base64(unsigned(published.getModulus())) + "\",\"e\":\""
                        + base64(unsigned(published.getPublicExponent())) + "\"}]}");
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String login = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String[] client = new String(
                        Base64.getDecoder().decode(login.replaceFirst("^Basic ", "")), StandardCharsets.UTF_8)
                .split(":", 2);
        boolean known = form.contains("grant_type=client_credentials")
                && form.contains("scope=kafka")
                && client.length == 2
                && client[1].equals(secret(client[0]));
        byte[] body = (known
                        ? "{\"token_type\":\"Bearer\",\"expires_in\":" + VALID.toSeconds() + ",\"access_token\":\""
                                + token(client[0]) + "\"}"
                        : "{\"error\":\"invalid_client\"}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(known ? 200 : 401, body.length);
        exchange.getResponseBody().write(body);
    }

    private String token(String client) {
        issued.incrementAndGet();
        long now = clock.instant().getEpochSecond();
        String signed = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + base64(("{\"iss\":\"" + ISSUER + "\",\"aud\":\"" + AUDIENCE + "\",\"sub\":\"" + client
                                + "\",\"scope\":\"kafka\",\"iat\":" + now + ",\"exp\":" + (now + VALID.toSeconds())
                                + "}")
                        .getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign((client.equals(FORGER) ? foreignKey : key).getPrivate());
            signature.update(signed.getBytes(StandardCharsets.UTF_8));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Without the sign byte that `toByteArray` puts before a number whose first bit is set.
    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
