package io.penstock.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WorkerId;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The examples of `docs/pull-protocol.md` are what the real serdes write.
class PullProtocolTest {
    private static final Pattern JSON_BLOCK = Pattern.compile("```json\n.*?\n```", Pattern.DOTALL);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Puller PULLER =
            new Puller(new WorkerId("worker-0"), new Incarnation("9f1c2ab4"), new EndpointId("http://gpu-1:8000"));
    private static final Pull PULL = new Pull(
            PULLER,
            new PoolName("org/model"),
            17,
            42,
            7,
            new Pull.Spare(40960, 36864, 30720),
            64,
            Set.of(new ModelName("org/model")),
            false,
            null);
    private static final Request REQUEST = new Request(
            RequestId.ofLine(new BatchId("batch_0123456789abcdef0123456789abcdef"), 3),
            "line-3",
            "/v1/chat/completions",
            new Tag(
                    new ModelName("fast"),
                    new ModelName("org/model"),
                    new PoolName("org/model"),
                    new ObjectiveName("batch"),
                    Band.LOW,
                    TenantId.DEFAULT,
                    NOON,
                    new Cost(120, 256),
                    0,
                    false),
            new BodyRef("00112233445566778899aabbccddeeff", 4096, 481),
            NOON.minusSeconds(60),
            Map.of());

    private final Topics topics = new Topics(TopicLayout.PRODUCTION);

    @Test
    void thePageShowsWhatTravels() throws IOException {
        Path file = Path.of("..", "docs", "pull-protocol.md");
        List<String> examples = List.of(
                text(topics.pulls().value().serializer().serialize("t", PULL)),
                work(new Work.Ticket(PULLER, 8, 1, REQUEST)),
                work(new Work.Abort(PULLER, REQUEST.id(), 1)),
                outcome(),
                stopped());
        String page = Files.readString(file);
        AtomicInteger block = new AtomicInteger();
        String expected = JSON_BLOCK
                .matcher(page)
                .replaceAll(
                        _ -> Matcher.quoteReplacement("```json\n" + examples.get(block.getAndIncrement()) + "\n```"));
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(file, expected);
        }
        assertThat(block).hasValue(examples.size());
        assertThat(file)
                .as("run the test with -Dtest.jvm.flags=-Ddocs.write=true to write the examples anew")
                .hasContent(expected);
    }

    private String work(Work work) {
        return text(topics.work().value().serializer().serialize("t", Envelope.of(work)));
    }

    private String outcome() {
        Outcome outcome = new Outcome(
                REQUEST.id(), 1, 8, new Verdict.Answered(200, "batch-line-3-1", new Usage(118, 0, 40, 0)), PULL);
        return text(topics.outcomes().value().serializer().serialize("t", Envelope.of(outcome)));
    }

    private String stopped() {
        Outcome outcome = new Outcome(
                REQUEST.id(),
                1,
                8,
                new Verdict.Returned("drained", 0),
                PULL,
                new Partial("Once upon a time", 118, 4, 1));
        return text(topics.outcomes().value().serializer().serialize("t", Envelope.of(outcome)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).strip();
    }
}
