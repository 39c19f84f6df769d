package io.penstock.pool.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.kv.EndpointGate;
import io.penstock.pool.kv.Gate;
import io.penstock.pool.kv.GatePolicy;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Plays sequences of vLLM's metrics pages to a gate. A trace is made of sections:
///
/// ```
/// // a remark
/// @ 250 send 4 end 2      at this millisecond, having sent and seen ended (or lost) so many of 500 + 500
/// vllm:...                the page that is read then; none if the engine does not answer
/// = KV low 91000 ...      what the gate then says: signal, spare of the low band, sequences, reactive limit
/// ```
///
/// The worker looks every 50 ms in between.
class TraceReplayTest {
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final int LOOK_MILLIS = 50;

    private final EndpointGate gate = new EndpointGate(GatePolicy.DEFAULT);
    private final List<RequestId> sent = new ArrayList<>();
    private int last;
    private int now;

    @ParameterizedTest
    @ValueSource(strings = {"burst", "dropped", "restart", "frozen", "old-names"})
    void theGateSaysWhatTheTraceSays(String name) throws IOException {
        String trace = read(name + ".trace");
        StringBuilder played = new StringBuilder();
        StringBuilder page = new StringBuilder();
        for (String line : trace.lines().toList()) {
            if (line.startsWith("@ ")) {
                advance(line.substring(2).split(" "));
                page.setLength(0);
            }
            if (line.startsWith("= ")) {
                look(page.toString());
                played.append(state()).append('\n');
            } else {
                page.append(line.startsWith("@") || line.startsWith("/") ? "" : line + "\n");
                played.append(line).append('\n');
            }
        }
        assertThat(played.toString()).isEqualTo(trace);
    }

    private void advance(String[] section) {
        for (int until = Integer.parseInt(section[0]); now < until; now += LOOK_MILLIS) {
            gate.tick(time());
        }
        for (int i = 1; i + 1 < section.length; i += 2) {
            for (int n = Integer.parseInt(section[i + 1]); n > 0; n--) {
                switch (section[i]) {
                    case "send" -> send();
                    case "end" -> gate.release(sent.removeFirst(), 500, time());
                    case "lose" -> gate.release(sent.removeFirst(), 0, time());
                    default -> throw new IllegalArgumentException("a trace knows no '" + section[i] + "'");
                }
            }
        }
    }

    private void send() {
        RequestId id = new RequestId("r" + ++last);
        gate.book(id, Band.LOW, new Cost(500, 500), time());
        gate.sent(id, time());
        sent.add(id);
    }

    private void look(String page) {
        EngineLoad load = EngineType.VLLM.read(page, time());
        if (load != null) {
            gate.observe(load);
        }
        gate.tick(time());
    }

    private String state() {
        Gate open = gate.gate(time());
        return "= %s low %d sequences %d limit %d others %d"
                .formatted(open.signal(), open.spare().low(), open.sequences(), gate.reactiveLimit(), gate.others());
    }

    private Instant time() {
        return START.plusMillis(now);
    }

    private static String read(String name) throws IOException {
        try (InputStream trace = Objects.requireNonNull(TraceReplayTest.class.getResourceAsStream(name), name)) {
            return new String(trace.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
