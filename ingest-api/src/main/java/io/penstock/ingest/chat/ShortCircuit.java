package io.penstock.ingest.chat;

import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.Tenants;
import io.penstock.ingest.async.Handoff;
import io.penstock.ingest.hold.DropReason;
import io.penstock.ingest.hold.HeldCall;
import io.penstock.ingest.hold.Hold;
import io.penstock.ingest.hold.HoldRequest;
import io.penstock.ingest.hold.Standing;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.view.Catalogues;
import io.penstock.pool.Endpoint;
import io.penstock.pool.EnginePool;
import io.penstock.pool.EnginePriority;
import io.penstock.pool.Placement;
import io.penstock.pool.client.EngineCall;
import io.penstock.pool.client.EngineReply;
import io.penstock.pool.pick.BlockHasher;
import io.penstock.service.Metrics;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Interactive calls: parsed once, sent to the best endpoint, answered as the engine answers; held while
/// there is none. No topic is in the way, and Kafka may be down. A client that leaves takes its call with
/// it. An endpoint that cannot be reached before it has answered anything, or cuts a whole answer off, is
/// replaced by another one, once. What a client wants answered later is handed off.
public final class ShortCircuit {
    private static final Logger LOG = LoggerFactory.getLogger(ShortCircuit.class);
    private static final List<String> PATHS = List.of("/chat/completions", "/completions", "/embeddings", "/responses");
    private static final int ENDPOINTS_TRIED_MAX = 2;

    private final CallReader reader;
    private final EnginePool pool;
    private final Hold hold;
    private final CallLimits limits;
    private final InteractivePolicy policy;
    private final Metrics metrics;
    private final Handoff handoff;

    public ShortCircuit(
            Tenants tenants,
            Catalogues catalogues,
            Engines engines,
            Handoff handoff,
            CallLimits limits,
            InteractivePolicy policy,
            Metrics metrics) {
        this.reader = new CallReader(
                tenants,
                catalogues,
                engines.pool(),
                limits,
                new BlockHasher(policy.picks().prompts().blocksMax()));
        this.pool = engines.pool();
        this.hold = engines.hold();
        this.limits = limits;
        this.policy = policy;
        this.metrics = metrics;
        this.handoff = handoff;
    }

    /// Where calls go, and where they wait for it.
    public record Engines(EnginePool pool, Hold hold) {}

    /// Bounds of a call: its body, its answer unless streamed, and how long it may take in all.
    public record CallLimits(int bodyBytesMax, int answerBytesMax, Duration timeout) {
        /// 32 MiB, 64 MiB, one hour.
        public static final CallLimits DEFAULT = new CallLimits(32 << 20, 64 << 20, Duration.ofHours(1));
    }

    public void register(Routes routes) {
        for (String path : PATHS) {
            routes.on("POST", path, (exchange, _) -> serve(exchange, "/v1" + path));
        }
    }

    private void serve(Exchange exchange, String path) throws IOException {
        CallReader.Parsed parsed = reader.parse(exchange);
        if (handoff.takes(exchange, path, parsed.body(), parsed.model())) {
            return;
        }
        InteractiveCall call = reader.read(exchange, path, parsed);
        long startedNanos = System.nanoTime();
        ClientAnswer answer = new ClientAnswer(exchange, call, limits.answerBytesMax(), metrics);
        String model = call.names().sent().value();
        Departure departure = new Departure(() -> metrics.count(IngestMetric.CALLS_ABANDONED, model));
        exchange.onGone(departure::gone);
        HoldRequest placing = call.placing();
        for (int tried = 0; tried < ENDPOINTS_TRIED_MAX; tried++) {
            switch (settle(placing, call, answer, departure)) {
                case Standing.Placed(Placement.At at) -> {
                    try (EnginePool.Lease lease = at.lease()) {
                        if (!call.streamed()) {
                            lease.firstWord();
                        }
                        answer.onFirst(lease::firstWord);
                        switch (forward(call, at.endpoint(), answer, departure)) {
                            case DONE -> {
                                return;
                            }
                            case CUT_OFF ->
                                placing = placing.avoiding(at.endpoint().id());
                            // It is not ready now, and may be tried again once it is.
                            case UNREACHABLE -> {}
                        }
                    }
                    placing = placing.after(Duration.ofNanos(System.nanoTime() - startedNanos));
                }
                case Standing.Dropped(DropReason reason) -> {
                    answer.drop(reason);
                    return;
                }
                case Standing.UnknownModel _ -> {
                    if (tried == 0) {
                        answer.fail(CallReader.unknown(model));
                    } else {
                        answer.drop(DropReason.NO_ENDPOINTS);
                    }
                    return;
                }
            }
        }
        answer.fail(new ApiException(
                ErrorKind.OVERLOADED, "The engine could not be reached or broke off, please try again later."));
    }

    /// Finds a place for the call, waiting for it if need be. Here a call that waits or is not served could
    /// become a durable request instead.
    private Standing.Settled settle(HoldRequest placing, InteractiveCall call, ClientAnswer answer, Departure departure)
            throws IOException {
        return switch (hold.admit(placing)) {
            case Standing.Settled settled -> settled;
            case Standing.Waiting(HeldCall held) -> wait(held, call, answer, departure);
        };
    }

    private Standing.Settled wait(HeldCall held, InteractiveCall call, ClientAnswer answer, Departure departure)
            throws IOException {
        Duration heartbeat = call.streamed() ? policy.heartbeat() : limits.timeout();
        try {
            departure.means(() -> hold.leave(held));
            while (true) {
                switch (hold.await(held, heartbeat)) {
                    case Standing.Settled settled -> {
                        return settled;
                    }
                    case Standing.Waiting _ -> {
                        if (call.streamed()) {
                            answer.keepAlive();
                        }
                    }
                }
            }
        } catch (IOException e) {
            hold.abandon(held);
            throw e;
        } catch (InterruptedException _) {
            hold.abandon(held);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while the call waited");
        }
    }

    /// What became of a call to an engine.
    private enum Forwarded {
        /// The client has its answer.
        DONE,
        /// The engine could not be reached; the client has nothing yet.
        UNREACHABLE,
        /// The engine cut a whole answer off; the client has nothing yet.
        CUT_OFF
    }

    /// Sends the call to `endpoint` and passes its answer on.
    private Forwarded forward(InteractiveCall call, Endpoint endpoint, ClientAnswer answer, Departure departure)
            throws IOException {
        EnginePriority place = EnginePriority.interactive(call.placing().band());
        EngineCall engineCall = pool.client().call(endpoint, policy.asks().of(call.request(), endpoint.type(), place));
        departure.means(engineCall::cancel);
        if (policy.tellEndpoint()) {
            answer.header(GatewayHeader.ENDPOINT_SERVED, endpoint.baseUri().getAuthority());
        }
        EngineReply reply;
        try {
            reply = engineCall.execute();
        } catch (IOException e) {
            if (!engineCall.isCancelled()) {
                leaveOut(endpoint, call, "could not be reached: " + e.getMessage());
                return Forwarded.UNREACHABLE;
            }
            if (departure.isGone()) {
                throw e;
            }
            answer.fail(tookTooLong());
            return Forwarded.DONE;
        }
        try (reply) {
            if (answer.pass(reply, engineCall)) {
                return Forwarded.DONE;
            }
            leaveOut(endpoint, call, "cut an answer off");
            return Forwarded.CUT_OFF;
        } catch (ApiException e) {
            answer.fail(e);
            return Forwarded.DONE;
        } catch (IOException e) {
            if (!engineCall.isCancelled() || departure.isGone()) {
                throw e;
            }
            answer.fail(tookTooLong());
            return Forwarded.DONE;
        } finally {
            // Closing a reply that was not read to its end otherwise waits for the engine.
            engineCall.cancel();
        }
    }

    private void leaveOut(Endpoint endpoint, InteractiveCall call, String reason) {
        pool.unreachable(endpoint, reason);
        LOG.atWarn()
                .addKeyValue("endpoint", endpoint.id())
                .addKeyValue("requestId", call.request().headers().get("X-Request-Id"))
                .addKeyValue("reason", reason)
                .log("endpoint left out");
    }

    private ApiException tookTooLong() {
        return new ApiException(
                ErrorKind.TIMEOUT,
                "The engine took longer than " + limits.timeout().toMillis() + " ms (setting call.timeout.ms).");
    }
}
