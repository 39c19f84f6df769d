package io.penstock.pool.discovery.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Requests to a Kubernetes API server, each with the token as it is then. Thread-safe.
public final class KubernetesApi implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /// Over HTTP/2, which API servers speak: a connection that is dead is noticed within two of these,
    /// though nothing need come on a watch for minutes.
    private static final Duration PING_EVERY = Duration.ofSeconds(15);

    private static final int ERROR_BYTES_MAX = 64 << 10;

    private final KubernetesAccess access;
    private final OkHttpClient http;

    /// The API that `access` leads to.
    ///
    /// @throws IllegalArgumentException if its authorities cannot be read
    public KubernetesApi(KubernetesAccess access) {
        this.access = access;
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .connectTimeout(CONNECT_TIMEOUT)
                .readTimeout(Duration.ZERO)
                .pingInterval(PING_EVERY)
                .followRedirects(false);
        if (access.authorities() != null) {
            trust(builder, access.authorities());
        }
        this.http = builder.build();
    }

    /// The namespace this process is in.
    String namespace() {
        return access.namespace();
    }

    /// A GET of `path`, not yet sent, that takes at most `timeout` in all.
    Call get(String path, Map<String, String> query, Duration timeout) throws IOException {
        HttpUrl base = Objects.requireNonNull(HttpUrl.get(access.api()), "HttpUrl.get");
        HttpUrl.Builder url = base.newBuilder().addPathSegments(path);
        query.forEach(url::addQueryParameter);
        Request.Builder request = new Request.Builder().url(url.build()).header("Accept", "application/json");
        if (access.token() != null) {
            request.header(
                    "Authorization",
                    "Bearer " + Files.readString(access.token()).strip());
        }
        Call call = http.newCall(request.build());
        call.timeout().timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return call;
    }

    /// Sends `call`; the answer is the caller's to close.
    ///
    /// @throws KubernetesRefusal unless it was answered with 200
    static Response execute(Call call) throws IOException {
        Response response = call.execute();
        if (response.code() == 200) {
            return response;
        }
        try (response) {
            byte[] body = response.body().byteStream().readNBytes(ERROR_BYTES_MAX);
            throw new KubernetesRefusal(response.code(), message(body, response.message()));
        }
    }

    private static String message(byte[] status, String otherwise) {
        try {
            JsonNode message = JsonMapper.shared().readTree(status).path("message");
            return message.isString() ? message.asString() : otherwise;
        } catch (JacksonException _) {
            return otherwise;
        }
    }

    private static void trust(OkHttpClient.Builder builder, Path authorities) {
        try (InputStream file = Files.newInputStream(authorities)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null);
            int index = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                trusted.setCertificateEntry("authority-" + index++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    SSLContext context = SSLContext.getInstance("TLS");
                    context.init(null, new TrustManager[] {x509}, null);
                    builder.sslSocketFactory(context.getSocketFactory(), x509);
                    return;
                }
            }
            throw new GeneralSecurityException("there is no trust manager for X.509");
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the authorities of the Kubernetes API in " + authorities + " cannot be used: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void close() {
        http.dispatcher().cancelAll();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
