package io.penstock.worker.run;

import io.penstock.payload.BlobId;
import io.penstock.payload.PayloadMissing;
import io.penstock.payload.PayloadStore;
import io.penstock.payload.PayloadStoreUnavailable;
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
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work.Ticket;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs one ticket on the calling thread: fetches the body, puts the engine's name for the model into
/// it where an alias or a rewrite applies, calls, reads and judges; the answer names the model as the
/// client did. Every other byte of the body reaches the engine as it was sent; what is added where another
/// run may go on says `StreamedBody`.
public final class TicketRun {
    /// How long a request stays away that is too late by our clock but not by the ledger's, which may be behind:
    /// it is the ledger that ends it.
    private static final Duration LATE_WAIT = Duration.ofSeconds(1);

    /// How long a ticket is to stay away when its body cannot be fetched now: the store's failure is no
    /// attempt at the request, however long it lasts.
    private static final Duration STORE_AWAY = Duration.ofSeconds(5);

    private final PayloadStore payloads;
    private final RunLimits limits;
    private final boolean continues;

    /// Runs on an engine that can go on from half an answer.
    public TicketRun(PayloadStore payloads, RunLimits limits) {
        this(payloads, limits, true);
    }

    /// `continues` says whether the engine can go on from half an answer.
    public TicketRun(PayloadStore payloads, RunLimits limits, boolean continues) {
        this.payloads = payloads;
        this.limits = limits;
        this.continues = continues;
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

    /// Runs `ticket` by calls that `calls` makes; `started` gets the run before anything is sent, so that
    /// it can be cancelled.
    ///
    /// @throws IOException if the engine could not be reached or broke off; what that means is for the
    /// caller to judge
    public Answer run(
            Envelope<Ticket> ticket,
            Instant now,
            Function<EngineRequest, EngineCall> calls,
            Consumer<RunInProgress> started)
            throws IOException {
        Request request = ticket.meta().request();
        byte[] body;
        StreamedBody streamed;
        try {
            body = aliased(request, body(request, ticket.payload()));
            streamed = continues && request.tag().resume() ? StreamedBody.of(request.url(), body) : null;
        } catch (PayloadMissing | MalformedJson e) {
            return Answer.of(new Verdict.Refused(ErrorCode.PAYLOAD_UNAVAILABLE, String.valueOf(e.getMessage())));
        } catch (PayloadStoreUnavailable e) {
            return Answer.of(new Verdict.Returned("the payload store is away", STORE_AWAY.toMillis()));
        } catch (IOException e) {
            return Answer.of(new Verdict.Broken("the payload store failed: " + e.getMessage()));
        }
        Duration left = Duration.between(now, request.tag().deadline());
        if (!left.isPositive()) {
            return Answer.of(new Verdict.Returned("its deadline has passed", LATE_WAIT.toMillis()));
        }
        Duration timeout = left.compareTo(limits.timeout()) < 0 ? left : limits.timeout();
        // Repeated for each epoch, so that an engine's log tells the runs of a request apart.
        Call call = new Call(
                request.url(),
                timeout,
                request.id().value() + "-" + ticket.meta().epoch(),
                calls);
        RunningCall running = new RunningCall();
        started.accept(running);
        Answer answer = streamed == null
                ? whole(call, body, running)
                : streamed(call, streamed, ticket.meta().partial(), running);
        return named(request, answer);
    }

    /// What the calls of a ticket have in common.
    private record Call(
            String url, Duration timeout, String engineRequestId, Function<EngineRequest, EngineCall> calls) {
        EngineCall of(byte[] body) {
            return calls.apply(new EngineRequest(url, Map.of("X-Request-Id", engineRequestId), body, timeout));
        }

        /// The same for a further call of the ticket.
        Call again() {
            return new Call(url, timeout, engineRequestId + "-again", calls);
        }
    }

    private Answer whole(Call made, byte[] body, RunningCall running) throws IOException {
        EngineCall call = running.next(made.of(body));
        try (EngineReply reply = call.execute()) {
            return answers(made).of(reply, call);
        }
    }

    /// Goes on from `before` if there is such a thing and the engine does; else begins. What an engine
    /// refuses of a request that we have changed is nobody's answer: it is sent again as it came.
    private Answer streamed(Call made, StreamedBody body, @Nullable Partial before, RunningCall running)
            throws IOException {
        byte[] rest = before == null ? null : body.after(before);
        Answer answer = rest == null
                ? null
                : new StreamedRun(running, body.isChat(), before, answers(made)).run(running.next(made.of(rest)));
        if (answer != null) {
            return answer;
        }
        Call beginning = rest == null ? made : made.again();
        answer = new StreamedRun(running, body.isChat(), null, answers(beginning))
                .run(running.next(beginning.of(body.beginning())));
        return answer == null ? whole(beginning.again(), body.asItCame(), running) : answer;
    }

    private EngineAnswer answers(Call made) {
        return new EngineAnswer(made.engineRequestId(), limits.answerBytesMax());
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
                        ModelEcho.in(answer.payload(), request.tag().model()),
                        answer.partial());
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
