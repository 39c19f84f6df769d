package io.penstock.ingest.batches;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.batches.LiveAnswers.Live;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.Catalogues;
import io.penstock.topics.record.Batch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/// `GET /v1/batches/{id}/events`: a batch as it goes on, in server-sent events: `event: batch` with the Batch
/// object, at once and after each change, until it has ended. Every event holds all there is to know, so a
/// client that comes back needs none of those it missed, and `Last-Event-ID` is passed over.
public final class BatchEvents {
    private static final byte[] HEARTBEAT = ": keep-alive\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOTHING = new byte[0];

    private final BatchLookup lookup;
    private final LiveAnswers answers;
    private final Duration interval;

    /// Tells of a batch at most once per `interval`.
    public BatchEvents(Tenants tenants, Catalogues catalogues, LiveAnswers answers, Duration interval) {
        this.lookup = new BatchLookup(tenants, catalogues);
        this.answers = answers;
        this.interval = interval;
    }

    public void register(Routes routes) {
        routes.on("GET", "/batches/{id}/events", this::events);
    }

    private void events(Exchange exchange, PathValues path) throws IOException {
        Batch batch = lookup.batch(exchange, path);
        try (Live live = answers.open(exchange, batch.id())) {
            exchange.header("Cache-Control", "no-cache");
            exchange.header("X-Accel-Buffering", "no");
            try (OutputStream out = exchange.stream(200, "text/event-stream; charset=utf-8")) {
                tell(exchange, path, live, out);
            }
        }
    }

    private void tell(Exchange exchange, PathValues path, Live live, OutputStream out) throws IOException {
        byte[] told = NOTHING;
        while (true) {
            Batch batch = lookup.batch(exchange, path);
            byte[] json = Wire.bytes(Wire.batch(batch));
            if (!Arrays.equals(json, told)) {
                out.write(event(json));
                told = json;
                live.rest(batch.status().isTerminal() ? Duration.ZERO : interval);
            }
            if (batch.status().isTerminal()) {
                return;
            }
            switch (live.await()) {
                case CHANGED -> {}
                case QUIET -> out.write(HEARTBEAT);
                case OVER -> {
                    return;
                }
            }
        }
    }

    private static byte[] event(byte[] json) {
        ByteArrayOutputStream event = new ByteArrayOutputStream(json.length + 32);
        event.writeBytes("event: batch\ndata: ".getBytes(StandardCharsets.UTF_8));
        event.writeBytes(json);
        event.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
        return event.toByteArray();
    }
}
