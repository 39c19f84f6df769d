package io.penstock.worker.run;

import io.penstock.payload.BlobId;
import io.penstock.payload.PayloadMissing;
import io.penstock.payload.PayloadStore;
import io.penstock.pool.answer.AnswerScan;
import io.penstock.pool.answer.EngineErrors;
import io.penstock.pool.client.AnswerTooLarge;
import io.penstock.pool.client.EngineCall;
import io.penstock.pool.client.EngineReply;
import io.penstock.pool.client.EngineRequest;
import io.penstock.topics.line.BodyScanner;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.line.ModelEcho;
import io.penstock.topics.line.ModelSplice;
import io.penstock.topics.line.Slice;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work.Ticket;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// Runs one ticket on the calling thread: fetches the body, puts the engine's name for the model into
/// it where an alias or a rewrite applies, calls, reads and judges; the answer names the model as the
/// client did. Every other byte reaches the engine, and the client, as it was sent.
public final class TicketRun {
    private final PayloadStore payloads;
    private final RunLimits limits;

    public TicketRun(PayloadStore payloads, RunLimits limits) {
        this.payloads = payloads;
        this.limits = limits;
    }

    /// The bounds of a run: `timeout` for the whole call, `answerBytesMax` for what is read of the
    /// answer (a record on Kafka must hold it).
    public record RunLimits(Duration timeout, int answerBytesMax) {
        /// An hour; 990,000 bytes, which fit a result record of 1 MB.
        public static final RunLimits DEFAULT = new RunLimits(Duration.ofHours(1), 990_000);

        public RunLimits {
            if (!timeout.isPositive() || answerBytesMax < 1024) {
                throw new IllegalArgumentException(
                        "run limits: request.timeout.ms must be positive, answer.max.bytes at least 1024, but were "
                                + timeout + " and " + answerBytesMax);
            }
        }
    }

    /// Runs `ticket` by a call that `calls` makes; `started` gets the call before it is sent, so that
    /// it can be cancelled.
    ///
    /// @throws IOException if the engine could not be reached or broke off; what that means is for the
    /// caller to judge
    public Answer run(
            Envelope<Ticket> ticket,
            Instant now,
            Function<EngineRequest, EngineCall> calls,
            Consumer<EngineCall> started)
            throws IOException {
        Request request = ticket.meta().request();
        byte[] body;
        try {
            body = aliased(request, body(request, ticket.payload()));
        } catch (PayloadMissing | MalformedJson e) {
            return Answer.of(new Verdict.Refused(ErrorCode.PAYLOAD_UNAVAILABLE, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            return Answer.of(new Verdict.Broken("the payload store failed: " + e.getMessage()));
        }
        Duration left = Duration.between(now, request.tag().deadline());
        if (!left.isPositive()) {
            return Answer.of(new Verdict.Returned("its deadline has passed", 0));
        }
        Duration timeout = left.compareTo(limits.timeout()) < 0 ? left : limits.timeout();
        // Repeated for each epoch, so that an engine's log tells the runs of a request apart.
        String engineRequestId = request.id().value() + "-" + ticket.meta().epoch();
        EngineCall call =
                calls.apply(new EngineRequest(request.url(), Map.of("X-Request-Id", engineRequestId), body, timeout));
        started.accept(call);
        try (EngineReply reply = call.execute()) {
            return named(request, judge(reply, call, engineRequestId));
        }
    }

    private Answer judge(EngineReply reply, EngineCall call, String engineRequestId) throws IOException {
        byte[] answer;
        try {
            answer = reply.bytes(limits.answerBytesMax());
        } catch (AnswerTooLarge _) {
            call.cancel();
            return Answer.of(new Verdict.Refused(
                    ErrorCode.ANSWER_TOO_LARGE,
                    "The engine's answer is larger than " + limits.answerBytesMax()
                            + " bytes (setting answer.max.bytes)."));
        }
        Verdict verdict =
                Verdicts.judge(reply.status(), reply.header("Retry-After"), AnswerScan.of(answer), engineRequestId);
        return switch (verdict) {
            case Verdict.Answered answered ->
                new Answer(
                        answered, answered.status() < 300 ? answer : EngineErrors.translate(answered.status(), answer));
            case Verdict.Broken _ -> new Answer(verdict, EngineErrors.translate(Math.max(500, reply.status()), answer));
            case Verdict.Refused _ -> Answer.of(verdict);
            case Verdict.Returned _ -> Answer.of(verdict);
        };
    }

    private byte[] body(Request request, byte[] inline) throws IOException {
        BodyRef ref = request.bodyRef();
        return ref == null ? inline : payloads.readRange(new BlobId(ref.blob()), ref.offset(), ref.lengthBytes());
    }

    private static Answer named(Request request, Answer answer) {
        return request.tag().servedAs().equals(request.tag().model())
                ? answer
                : new Answer(
                        answer.verdict(),
                        ModelEcho.in(answer.payload(), request.tag().model()));
    }

    private static byte[] aliased(Request request, byte[] body) throws MalformedJson {
        if (request.tag().servedAs().equals(request.tag().model())) {
            return body;
        }
        Slice model = BodyScanner.scan(body).modelValue();
        return model == null
                ? body
                : ModelSplice.replace(body, model, request.tag().servedAs());
    }
}
