package io.penstock.pool.discovery.kubernetes;

import io.penstock.pool.discovery.Backoff;
import io.penstock.pool.discovery.kubernetes.WatchState.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import okhttp3.Call;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Follows the objects of a listing on a virtual thread: lists them once, page by page, and watches from
/// there. A watch that ends is taken up where it ended; only if the server has forgotten that place
/// (410 Gone) is everything listed anew. A round that told nothing is followed by a growing pause.
final class Informer<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Informer.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LIST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration WATCH_FOR = Duration.ofMinutes(5);
    private static final int PAGE_OBJECTS = 250;
    private static final int PAGE_BYTES_MAX = 32 << 20;

    /// Kubernetes stores objects of 1.5 MiB at most.
    private static final int EVENT_BYTES_MAX = 2 << 20;

    private final KubernetesApi api;
    private final Listing listing;
    private final Function<JsonNode, T> reader;
    private final Heard<T> heard;
    private final Backoff backoff;
    private final Semaphore closing = new Semaphore(0);
    private volatile boolean closed;
    private volatile @Nullable Call call;
    private @Nullable WatchState<T> state;
    private boolean toldSomething;

    /// Whom an informer tells, on its thread.
    interface Heard<T> {
        /// All objects there are; also said when a watch begins and nothing is different.
        void objects(Collection<T> all);

        /// The server could not be asked; it will be asked again.
        void failed(String reason);
    }

    Informer(KubernetesApi api, Listing listing, Function<JsonNode, T> reader, Heard<T> heard, RandomGenerator random) {
        this.api = api;
        this.listing = listing;
        this.reader = reader;
        this.heard = heard;
        this.backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random);
    }

    void start() {
        Thread.ofVirtual().name("watch " + listing.path()).start(this::run);
    }

    @Override
    public void close() {
        closed = true;
        closing.release();
        Call running = call;
        if (running != null) {
            running.cancel();
        }
    }

    private void run() {
        try {
            boolean on = true;
            while (on && !closed) {
                toldSomething = false;
                round();
                if (toldSomething) {
                    backoff.reset();
                }
                Duration pause = toldSomething ? Duration.ZERO : backoff.next();
                on = !closing.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() {
        try {
            WatchState<T> known = state == null ? list() : state;
            state = known;
            watch(known);
        } catch (KubernetesRefusal e) {
            if (e.isGone()) {
                state = null;
            } else {
                failed(e.getMessage());
            }
        } catch (IOException | JacksonException e) {
            failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("listing", listing.path()).setCause(e).log("an account of the API server failed");
            state = null;
            failed(e.toString());
        }
    }

    private void failed(@Nullable String reason) {
        if (!closed) {
            heard.failed(listing.path() + ": " + reason);
        }
    }

    private WatchState<T> list() throws IOException {
        WatchState<T> listed = new WatchState<>(reader);
        String from = "";
        do {
            Map<String, String> query = new HashMap<>(listing.selection());
            query.put("limit", Integer.toString(PAGE_OBJECTS));
            if (!from.isEmpty()) {
                query.put("continue", from);
            }
            JsonNode page = page(query);
            if (listed.add(page) instanceof Step.Failed(String reason)) {
                throw new IOException(reason);
            }
            from = page.path("metadata").path("continue").asString("");
        } while (!from.isEmpty());
        return listed;
    }

    private JsonNode page(Map<String, String> query) throws IOException {
        try (Response response = send(query, LIST_TIMEOUT)) {
            BufferedSource body = response.body().source();
            if (body.request(PAGE_BYTES_MAX + 1L)) {
                throw new IOException(
                        "a page of " + PAGE_OBJECTS + " objects is larger than " + PAGE_BYTES_MAX + " bytes");
            }
            return JsonMapper.shared().readTree(body.readByteArray());
        }
    }

    private void watch(WatchState<T> known) throws IOException {
        Map<String, String> query = new HashMap<>(listing.selection());
        query.put("watch", "true");
        query.put("allowWatchBookmarks", "true");
        query.put("resourceVersion", known.resourceVersion());
        query.put("timeoutSeconds", Long.toString(WATCH_FOR.toSeconds()));
        try (Response response = send(query, WATCH_FOR.plusSeconds(30))) {
            BufferedSource events = response.body().source();
            tell(known);
            for (String line = next(events); line != null && !closed; line = next(events)) {
                switch (known.apply(JsonMapper.shared().readTree(line))) {
                    case Step.Changed _ -> {
                        toldSomething = true;
                        tell(known);
                    }
                    case Step.Same _ -> toldSomething = true;
                    case Step.Expired _ -> {
                        state = null;
                        return;
                    }
                    case Step.Failed(String reason) -> {
                        state = null;
                        throw new IOException(reason);
                    }
                }
            }
        }
    }

    /// The next event; null at the end, which may come as a reset: servers restart, proxies lose patience.
    private @Nullable String next(BufferedSource events) {
        try {
            return events.exhausted() ? null : events.readUtf8LineStrict(EVENT_BYTES_MAX);
        } catch (IOException e) {
            LOG.atDebug()
                    .addKeyValue("listing", listing.path())
                    .addKeyValue("reason", e.getMessage())
                    .log("a watch broke off");
            return null;
        }
    }

    private void tell(WatchState<T> known) {
        if (!closed) {
            heard.objects(known.objects());
        }
    }

    private Response send(Map<String, String> query, Duration timeout) throws IOException {
        Call next = api.get(listing.path(), query, timeout);
        call = next;
        if (closed) {
            throw new IOException("closed");
        }
        return KubernetesApi.execute(next);
    }
}
