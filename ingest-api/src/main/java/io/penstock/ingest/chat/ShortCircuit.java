package io.penstock.ingest.chat;

import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.view.Catalogues;
import io.penstock.pool.Endpoint;
import io.penstock.pool.EnginePool;
import io.penstock.pool.answer.EngineErrors;
import io.penstock.pool.client.EngineCall;
import io.penstock.pool.client.EngineReply;
import io.penstock.pool.client.EngineRequest;
import io.penstock.pool.pick.Pick;
import io.penstock.service.Metrics;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.line.BodyFacts;
import io.penstock.topics.line.BodyScanner;
import io.penstock.topics.line.MalformedJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Interactive calls: parsed once, sent to the best endpoint, answered as the engine answers. No topic
/// is in the way, and Kafka may be down. A client that leaves takes its call with it. An endpoint that
/// cannot be reached before it has answered anything is replaced by another one, once.
public final class ShortCircuit {
    private static final Logger LOG = LoggerFactory.getLogger(ShortCircuit.class);
    private static final List<String> PATHS = List.of("/chat/completions", "/completions", "/embeddings", "/responses");
    private static final int ENDPOINTS_TRIED_MAX = 2;

    private final Tenants tenants;
    private final Catalogues catalogues;
    private final EnginePool pool;
    private final CallLimits limits;
    private final Metrics metrics;

    public ShortCircuit(Tenants tenants, Catalogues catalogues, EnginePool pool, CallLimits limits, Metrics metrics) {
        this.tenants = tenants;
        this.catalogues = catalogues;
        this.pool = pool;
        this.limits = limits;
        this.metrics = metrics;
    }

    /// Bounds of a call: its body, its answer unless streamed, and how long it may take in all.
    public record CallLimits(int bodyBytesMax, int answerBytesMax, Duration timeout) {
        /// 32 MiB, 64 MiB, one hour.
        public static final CallLimits DEFAULT = new CallLimits(32 << 20, 64 << 20, Duration.ofHours(1));
    }

    public void register(Routes routes) {
        for (String path : PATHS) {
            routes.on("POST", path, (exchange, _) -> call(exchange, "/v1" + path));
        }
    }

    private void call(Exchange exchange, String path) throws IOException {
        tenants.of(exchange);
        byte[] body = exchange.body(limits.bodyBytesMax(), "call.body.max.bytes");
        BodyFacts facts = facts(body);
        ModelNames names = ModelNames.of(exchange, model(facts), catalogues);
        byte[] sent = names.toEngine(body, facts);
        EngineRequest request =
                new EngineRequest(path, Map.of("X-Request-Id", exchange.requestId()), sent, limits.timeout());
        Forward forward = new Forward(exchange, names);
        exchange.onGone(forward::clientGone);
        Set<EndpointId> tried = new HashSet<>();
        while (true) {
            Endpoint endpoint = pick(names.served(), tried);
            tried.add(endpoint.id());
            try (EnginePool.Lease _ = pool.lease(endpoint)) {
                forward.through(pool.client().call(endpoint, request));
                return;
            } catch (EngineUnreachable e) {
                pool.unreachable(endpoint, String.valueOf(e.getMessage()));
                LOG.atWarn()
                        .addKeyValue("endpoint", endpoint.id())
                        .addKeyValue("requestId", exchange.requestId())
                        .addKeyValue("reason", e.getMessage())
                        .log("endpoint could not be reached");
                if (tried.size() >= ENDPOINTS_TRIED_MAX) {
                    throw new ApiException(
                            ErrorKind.OVERLOADED, "The engine could not be reached, please try again later.");
                }
            }
        }
    }

    private Endpoint pick(ModelName model, Set<EndpointId> tried) {
        return switch (pool.pick(model, tried)) {
            case Pick.Chosen(Endpoint endpoint) -> endpoint;
            // Engines may all have gone with their pods; what a worker has announced comes back with them.
            case Pick.UnknownModel _
            when tried.isEmpty() && !catalogues.announcedModels().contains(model) ->
                throw new ApiException(
                        ErrorKind.MODEL_NOT_FOUND,
                        "The model `" + model + "` does not exist or you do not have access to it.",
                        "model");
            case Pick.UnknownModel _ ->
                throw new ApiException(
                        ErrorKind.OVERLOADED,
                        "No engine that serves `" + model + "` is ready, please try again later.");
            case Pick.NoneReady _ ->
                throw new ApiException(
                        ErrorKind.OVERLOADED,
                        "No engine that serves `" + model + "` is ready, please try again later.");
        };
    }

    private static BodyFacts facts(byte[] body) {
        try {
            return BodyScanner.scan(body);
        } catch (MalformedJson e) {
            throw new ApiException(
                    ErrorKind.BAD_REQUEST, "We could not parse the JSON body of your request: " + e.getMessage());
        }
    }

    private static ModelName model(BodyFacts facts) {
        if (facts.model() == null) {
            throw new ApiException(ErrorKind.MISSING_PARAMETER, "you must provide a model parameter", "model");
        }
        try {
            return new ModelName(facts.model());
        } catch (IllegalArgumentException _) {
            throw new ApiException(
                    ErrorKind.MODEL_NOT_FOUND,
                    "The model `" + facts.model() + "` does not exist or you do not have access to it.",
                    "model");
        }
    }

    /// The endpoint gave no answer at all; another one may.
    private static final class EngineUnreachable extends IOException {
        private static final long serialVersionUID = 1;

        private EngineUnreachable(IOException cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }

    /// One exchange, passed through one call after the other until one answers.
    private final class Forward {
        private final Exchange exchange;
        private final ModelNames names;
        private final ModelName model;
        private final long startedNanos = System.nanoTime();
        private @Nullable EngineCall call;
        private boolean gone;

        private Forward(Exchange exchange, ModelNames names) {
            this.exchange = exchange;
            this.names = names;
            this.model = names.sent();
        }

        private synchronized void clientGone() {
            gone = true;
            metrics.count(IngestMetric.CALLS_ABANDONED, model.value());
            if (call != null) {
                call.cancel();
            }
        }

        private synchronized void begin(EngineCall next) throws IOException {
            if (gone) {
                throw new IOException("the client is gone");
            }
            call = next;
        }

        private void through(EngineCall next) throws IOException {
            begin(next);
            EngineReply reply;
            try {
                reply = next.execute();
            } catch (IOException e) {
                throw next.isCancelled() ? e : new EngineUnreachable(e);
            }
            try (reply) {
                answer(reply, next);
            } finally {
                // Closing a reply that was not read to its end otherwise waits for the engine.
                next.cancel();
            }
        }

        private void answer(EngineReply reply, EngineCall next) throws IOException {
            int status = reply.status();
            metrics.count(IngestMetric.CALLS, model.value(), Integer.toString(status));
            String type = reply.header("Content-Type");
            if (status >= 400) {
                byte[] error = EngineErrors.translate(status, reply.bytes(limits.answerBytesMax()));
                String retryAfter = reply.header("Retry-After");
                if (retryAfter != null) {
                    exchange.header("Retry-After", retryAfter);
                }
                exchange.respond(status, "application/json", error);
            } else if (type != null && type.startsWith("text/event-stream")) {
                stream(reply);
            } else {
                exchange.respond(status, type == null ? "application/json" : type, names.toClient(whole(reply, next)));
                firstAnswer();
            }
        }

        private byte[] whole(EngineReply reply, EngineCall next) throws IOException {
            try {
                return reply.bytes(limits.answerBytesMax());
            } catch (IOException e) {
                if (next.isCancelled()) {
                    throw e;
                }
                throw new ApiException(
                        ErrorKind.UPSTREAM_FAILED, "The engine broke off before its answer was complete.");
            }
        }

        private void stream(EngineReply reply) throws IOException {
            exchange.header("Cache-Control", "no-cache");
            exchange.header("X-Accel-Buffering", "no");
            try (OutputStream events =
                    names.toClient(exchange.stream(reply.status(), "text/event-stream; charset=utf-8"))) {
                try {
                    new EventPump().pump(reply.body(), events, this::firstAnswer);
                } catch (EventPump.EngineBroke e) {
                    LOG.atWarn()
                            .addKeyValue("requestId", exchange.requestId())
                            .addKeyValue("reason", e.getMessage())
                            .log("engine broke off mid-stream");
                    events.write(errorEvents());
                }
            }
        }

        private void firstAnswer() {
            metrics.time(IngestMetric.FIRST_ANSWER, Duration.ofNanos(System.nanoTime() - startedNanos), model.value());
        }

        private byte[] errorEvents() {
            byte[] envelope = new ApiException(
                            ErrorKind.UPSTREAM_FAILED, "The engine broke off before its answer was complete.")
                    .envelope();
            return ("data: " + new String(envelope, StandardCharsets.UTF_8) + "\n\ndata: [DONE]\n\n")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }
}
