package io.penstock.ingest.control;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.Fields;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// `/v1/requests/{id}/cancel`: ends one request, which may be a batch line. Where it stands only its
/// ledger knows: a request that has ended stays as it ended, one that has yet to come is cancelled when
/// it comes.
public final class RequestControl {
    private static final int BODY_BYTES_MAX = 64 * 1024;

    private final RequestLookup lookup;
    private final TopicTail<String, Control> commands;
    private final SubmissionLog log;
    private final InstantSource clock;

    public RequestControl(
            RequestLookup lookup, TopicTail<String, Control> commands, SubmissionLog log, InstantSource clock) {
        this.lookup = lookup;
        this.commands = commands;
        this.log = log;
        this.clock = clock;
    }

    public void register(Routes routes) {
        routes.on("POST", "/requests/{id}/cancel", this::cancel);
    }

    private void cancel(Exchange exchange, PathValues path) throws IOException {
        RequestLookup.Asked asked = lookup.request(exchange, path);
        String why = Fields.of(exchange.body(BODY_BYTES_MAX, "64 KiB, fixed")).why();
        refuseEnded(asked.batch());
        refuseEnded(asked.kept());
        Control.OneRequest target = new Control.OneRequest(asked.id());
        if (!isCancelled(target)) {
            log.command(new Control(target, new Control.Cancel(), asked.by(), why, clock.instant()));
        }
        exchange.respond(
                200,
                "application/json",
                Wire.bytes(JsonMapper.shared()
                        .createObjectNode()
                        .put("id", asked.id().value())
                        .put("object", "request")
                        .put("status", "cancelling")));
    }

    private static void refuseEnded(@Nullable Batch batch) {
        if (batch != null && batch.status().isTerminal()) {
            throw new ApiException(
                    ErrorKind.CONFLICT,
                    "Cannot cancel a line of a batch with status '"
                            + batch.status().wireName() + "'.");
        }
    }

    /// A request that is cancelled already may be cancelled again.
    private static void refuseEnded(@Nullable StoredResponse kept) {
        if (kept != null && kept.status().isFinal() && kept.status() != ResponseStatus.CANCELLED) {
            throw new ApiException(
                    ErrorKind.CONFLICT,
                    "Cannot cancel a request with status '" + kept.status().wireName() + "'.");
        }
    }

    private boolean isCancelled(Control.OneRequest target) {
        return !commands.newestFirst(
                        control -> control.target().equals(target) && control.action() instanceof Control.Cancel
                                ? control
                                : null,
                        1)
                .isEmpty();
    }
}
