package io.penstock.ingest.webhooks.http;

import io.penstock.ingest.webhooks.policy.AttemptOutcome;
import io.penstock.ingest.webhooks.policy.RetryAfter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/// Posts to endpoints over OkHttp, each on its caller's thread.
///
/// No redirects, no proxies, no retries of its own. Every attempt connects anew: attempts at one endpoint
/// are rare, and a connection that died unnoticed would look like a failure of the endpoint. Of an
/// answer's body at most 4 KiB are read, and nothing of it is kept.
public final class WebhookClient implements AutoCloseable {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int ANSWER_BYTES_MAX = 4096;

    private final InstantSource clock;
    private final OkHttpClient http;

    /// An attempt takes `timeout` at most.
    public WebhookClient(Reach reach, Duration timeout, InstantSource clock) {
        this(reach, timeout, clock, host -> List.of(InetAddress.getAllByName(host)));
    }

    /// The same, with names resolved by `names`.
    WebhookClient(Reach reach, Duration timeout, InstantSource clock, Names names) {
        this.clock = clock;
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .callTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .connectTimeout(Duration.ZERO)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.MILLISECONDS))
                .dns(names::resolve)
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false);
        if (!reach.privateNetworks()) {
            builder.socketFactory(new GuardedSockets());
        }
        this.http = builder.build();
    }

    /// How names become addresses.
    @FunctionalInterface
    interface Names {
        List<InetAddress> resolve(String host) throws UnknownHostException;
    }

    /// Posts `payload` to `url`, and says what came of it.
    public AttemptOutcome post(String url, Map<String, String> headers, byte[] payload) {
        Request.Builder request;
        try {
            request = new Request.Builder().url(url).post(RequestBody.create(payload, JSON));
            headers.forEach(request::header);
        } catch (IllegalArgumentException e) {
            return new AttemptOutcome.Unreachable("the URL cannot be called: " + e.getMessage());
        }
        Call call = http.newCall(request.build());
        try (Response response = call.execute()) {
            drain(response);
            return new AttemptOutcome.Answered(
                    response.code(), RetryAfter.of(response.header("Retry-After"), clock.instant()));
        } catch (IOException e) {
            return new AttemptOutcome.Unreachable(reason(e));
        }
    }

    /// A server that is still writing takes a closed connection for a client's failure.
    private static void drain(Response response) {
        try {
            long _ = response.body().byteStream().skip(ANSWER_BYTES_MAX);
        } catch (IOException _) {
            // The status has been said.
        }
    }

    /// In words for the log of deliveries, which tenants read: nothing of our network is in it.
    private static String reason(IOException e) {
        return switch (e) {
            case RefusedAddress refused -> String.valueOf(refused.getMessage());
            case UnknownHostException _ -> "the host is unknown";
            case ConnectException _ -> "no connection";
            case SSLException _ -> "TLS failed: " + e.getMessage();
            case InterruptedIOException _ -> "no answer in time";
            case IOException _ -> "the connection broke";
        };
    }

    @Override
    public void close() {
        http.dispatcher().cancelAll();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
