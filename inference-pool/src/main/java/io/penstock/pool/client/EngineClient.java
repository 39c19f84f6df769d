package io.penstock.pool.client;

import io.penstock.pool.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// Calls engines over OkHttp, each on its caller's thread.
///
/// No redirects, and no retries of our own: whether a call may be repeated is for the caller to judge.
/// Idle connections are kept for 4 s, below the 5 s after which vLLM's server closes them by default.
public final class EngineClient implements AutoCloseable {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final int IDLE_CONNECTIONS_MAX = 256;
    private static final long IDLE_KEPT_SECONDS = 4;

    private final OkHttpClient http = new OkHttpClient.Builder()
            .connectTimeout(CONNECT_TIMEOUT)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ofSeconds(30))
            .connectionPool(new ConnectionPool(IDLE_CONNECTIONS_MAX, IDLE_KEPT_SECONDS, TimeUnit.SECONDS))
            .followRedirects(false)
            .retryOnConnectionFailure(true)
            .build();

    /// A call to `endpoint`, not yet sent.
    public EngineCall call(Endpoint endpoint, EngineRequest request) {
        Request.Builder built = new Request.Builder().url(endpoint.baseUri() + request.path());
        request.headers().forEach(built::header);
        if (request.body().length > 0) {
            built.post(RequestBody.create(request.body(), JSON));
        }
        Call call = http.newCall(built.build());
        call.timeout().timeout(request.timeout().toMillis(), TimeUnit.MILLISECONDS);
        return new OkHttpEngineCall(call);
    }

    /// A GET of `address`, not yet sent.
    public EngineCall get(URI address, Duration timeout) {
        Call call = http.newCall(new Request.Builder().url(address.toString()).build());
        call.timeout().timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return new OkHttpEngineCall(call);
    }

    @Override
    public void close() {
        http.dispatcher().cancelAll();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private record OkHttpEngineCall(Call call) implements EngineCall {
        @Override
        public EngineReply execute() throws IOException {
            return new OkHttpEngineReply(call.execute());
        }

        @Override
        public void cancel() {
            call.cancel();
        }

        @Override
        public boolean isCancelled() {
            return call.isCanceled();
        }
    }

    private record OkHttpEngineReply(Response response) implements EngineReply {
        @Override
        public int status() {
            return response.code();
        }

        @Override
        public @Nullable String header(String name) {
            return response.header(name);
        }

        @Override
        public InputStream body() {
            return response.body().byteStream();
        }

        @Override
        public byte[] bytes(int maxBytes) throws IOException {
            byte[] bytes = body().readNBytes(maxBytes);
            if (bytes.length == maxBytes && body().read() >= 0) {
                throw new AnswerTooLarge(maxBytes);
            }
            return bytes;
        }

        @Override
        public void close() {
            response.close();
        }
    }
}
