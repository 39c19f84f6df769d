package io.penstock.ingest.chat;

import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.hold.DropReason;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.pool.answer.AnswerScan;
import io.penstock.pool.answer.EngineErrors;
import io.penstock.pool.client.AnswerTooLarge;
import io.penstock.pool.client.EngineCall;
import io.penstock.pool.client.EngineReply;
import io.penstock.service.Metrics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The answer to one interactive call, made of an engine's or of an error. Once a stream has begun, which
/// heartbeats do, its status is said and errors become its last event.
final class ClientAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(ClientAnswer.class);
    private static final byte[] HEARTBEAT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final int RETRY_AFTER_MAX_SECONDS = 60;

    private final Exchange exchange;
    private final InteractiveCall call;
    private final int bytesMax;
    private final Metrics metrics;
    private final long startedNanos = System.nanoTime();
    private @Nullable OutputStream events;
    private Runnable onFirst = () -> {};

    /// An answer of at most `bytesMax` bytes, unless it is streamed.
    ClientAnswer(Exchange exchange, InteractiveCall call, int bytesMax, Metrics metrics) {
        this.exchange = exchange;
        this.call = call;
        this.bytesMax = bytesMax;
        this.metrics = metrics;
    }

    /// Runs `listener` when the engine's first bytes have come.
    void onFirst(Runnable listener) {
        onFirst = listener;
    }

    /// Sets a header, while that is possible.
    void header(String name, String value) {
        if (events == null) {
            exchange.header(name, value);
        }
    }

    /// Tells the client of a stream that its call is still here.
    void keepAlive() throws IOException {
        events().write(HEARTBEAT);
    }

    /// Answers with `error`.
    void fail(ApiException error) throws IOException {
        if (events == null) {
            throw error;
        }
        endWith(error.envelope());
    }

    /// Answers that the call is not served, and why.
    void drop(DropReason reason) throws IOException {
        header(GatewayHeader.DROPPED_REASON, reason.wireName());
        fail(refusal(reason));
    }

    private ApiException refusal(DropReason reason) {
        String served = "engine that serves `" + call.names().sent() + "`";
        return switch (reason) {
            case SATURATED ->
                new ApiException(ErrorKind.SATURATED, "Every " + served + " is full, please try again later.");
            case TTL_EXPIRED ->
                new ApiException(ErrorKind.HOLD_EXPIRED, "No " + served + " had room in time, please try again later.");
            case NO_ENDPOINTS ->
                new ApiException(ErrorKind.OVERLOADED, "No " + served + " is ready, please try again later.");
            case CONTEXT_CANCELLED -> new ApiException(ErrorKind.OVERLOADED, "The client left.");
            case SHUTTING_DOWN -> new ApiException(ErrorKind.STOPPING, "The server is stopping, please try again.");
        };
    }

    /// Answers as the engine does. False if the engine cut a whole answer off, of which nothing is passed
    /// on.
    boolean pass(EngineReply reply, EngineCall engineCall) throws IOException {
        int status = reply.status();
        metrics.count(IngestMetric.CALLS, call.names().sent().value(), Integer.toString(status));
        String type = reply.header("Content-Type");
        if (status >= 400) {
            error(reply, engineCall);
            return true;
        }
        if (type != null && type.startsWith("text/event-stream")) {
            stream(reply);
            return true;
        }
        byte[] whole = whole(reply, engineCall);
        if (call.generated() && AnswerScan.of(whole).cutOff()) {
            return false;
        }
        if (events != null) {
            fail(new ApiException(ErrorKind.UPSTREAM_FAILED, "The engine did not stream its answer."));
        } else {
            exchange.respond(
                    status,
                    type == null ? "application/json" : type,
                    call.names().toClient(whole));
            firstAnswer();
        }
        return true;
    }

    private void error(EngineReply reply, EngineCall engineCall) throws IOException {
        int status = reply.status();
        byte[] body = whole(reply, engineCall);
        if (status == 401 || status == 403 || status == 407) {
            // Clients' keys never reach engines: it is Penstock that is not let in.
            LOG.atError()
                    .addKeyValue("requestId", exchange.requestId())
                    .addKeyValue("status", status)
                    .log("the engine does not take calls from Penstock");
            fail(new ApiException(ErrorKind.UPSTREAM_FAILED, "The engine does not take calls from Penstock."));
            return;
        }
        byte[] envelope = EngineErrors.translate(status, body, call.promptField());
        if (events != null) {
            endWith(envelope);
            return;
        }
        String retryAfter = reply.header("Retry-After");
        if (retryAfter != null) {
            exchange.header("Retry-After", bounded(retryAfter));
        }
        exchange.respond(status, "application/json", envelope);
    }

    /// OpenAI's clients ignore more than 60 s, or sleep for all of it.
    private static String bounded(String retryAfter) {
        boolean seconds = retryAfter.matches("\\d{1,9}");
        return seconds
                ? Integer.toString(Math.min(Integer.parseInt(retryAfter), RETRY_AFTER_MAX_SECONDS))
                : Integer.toString(RETRY_AFTER_MAX_SECONDS);
    }

    private byte[] whole(EngineReply reply, EngineCall engineCall) throws IOException {
        try {
            return reply.bytes(bytesMax);
        } catch (AnswerTooLarge e) {
            throw new ApiException(ErrorKind.UPSTREAM_FAILED, e.getMessage() + " (setting call.answer.max.bytes).");
        } catch (IOException e) {
            if (engineCall.isCancelled()) {
                throw e;
            }
            throw brokeOff();
        }
    }

    private void stream(EngineReply reply) throws IOException {
        OutputStream out = events();
        try {
            new EventPump().pump(reply.body(), out, this::firstAnswer);
        } catch (EventPump.EngineBroke e) {
            LOG.atWarn()
                    .addKeyValue("requestId", exchange.requestId())
                    .addKeyValue("reason", e.getMessage())
                    .log("engine broke off mid-stream");
            endWith(brokeOff().envelope());
        }
    }

    private static ApiException brokeOff() {
        return new ApiException(ErrorKind.UPSTREAM_FAILED, "The engine broke off before its answer was complete.");
    }

    private OutputStream events() throws IOException {
        if (events == null) {
            exchange.header("Cache-Control", "no-cache");
            exchange.header("X-Accel-Buffering", "no");
            events = call.names().toClient(exchange.stream(200, "text/event-stream; charset=utf-8"));
        }
        return events;
    }

    private void endWith(byte[] envelope) throws IOException {
        events().write(("data: " + new String(envelope, StandardCharsets.UTF_8) + "\n\ndata: [DONE]\n\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    private void firstAnswer() {
        onFirst.run();
        metrics.time(
                IngestMetric.FIRST_ANSWER,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                call.names().sent().value());
    }
}
