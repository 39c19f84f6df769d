package io.penstock.topics;

import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WorkerId;
import io.penstock.topics.record.Admission;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.Submission;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One filled record of every kind, with awkward text in it.
public final class Samples {
    public static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123Z");
    public static final BatchId BATCH_ID = new BatchId("batch_0123456789abcdef0123456789abcdef");
    public static final Puller PULLER =
            new Puller(new WorkerId("w-1"), new Incarnation("i1"), new EndpointId("http://engine:8000"));
    public static final Pull PULL = new Pull(
            PULLER,
            new PoolName("llama"),
            3,
            17,
            42,
            new Pull.Spare(1 << 20, 4096, 0),
            8,
            Set.of(new ModelName("org/m")),
            true,
            new Pull.Reading(0.91, 0.75, "kv"));
    public static final Request REQUEST = new Request(
            RequestId.ofLine(BATCH_ID, 7),
            "ä\n🎉",
            "/v1/chat/completions",
            new Tag(
                    new ModelName("alias"),
                    new ModelName("org/m"),
                    new PoolName("llama"),
                    ObjectiveName.DEFAULT,
                    Band.LOW,
                    TenantId.DEFAULT,
                    NOW,
                    new Cost(10, 20),
                    0,
                    false),
            new BodyRef("abc", 1L << 33, 100),
            NOW,
            Map.of("correlation-id", "AAEC"));
    public static final StoredFile FILE = new StoredFile(
            FileId.random(),
            TenantId.DEFAULT,
            "ü.jsonl",
            "batch",
            NOW,
            null,
            List.of(new StoredFile.Segment("b", 1L << 34)),
            null);
    public static final Batch BATCH = Batch.submitted(
                    BATCH_ID,
                    new Submission(
                            TenantId.DEFAULT,
                            "/v1/embeddings",
                            "file-x",
                            FILE,
                            "24h",
                            ObjectiveName.DEFAULT,
                            Map.of("k", "v"),
                            NOW,
                            NOW.plusSeconds(86_400),
                            3600L,
                            null,
                            null))
            .validated(Batch.Counts.of(3), new ModelName("m"), List.of(new LineError("c", "m", null, 4)))
            .entering(BatchStatus.IN_PROGRESS, NOW.plusMillis(5))
            .counting(new Batch.Counts(3, 1, 1, 0, 0), new Usage(1, 2, 3, 4))
            .published(FileId.random(), null);
    public static final ServedModel MODEL =
            new ServedModel(new ModelName("alias"), new ModelName("org/m"), new PoolName("p"), 8192);
    public static final Control CANCEL =
            new Control(new Control.OneBatch(BATCH_ID), new Control.Cancel(), "default", null, NOW);
    public static final StoredResponse QUEUED = new StoredResponse.Submission(
                    AsyncKind.RESPONSE.ofIdempotencyKey(TenantId.DEFAULT, "k"),
                    TenantId.DEFAULT,
                    "/v1/responses",
                    new ModelName("m"),
                    ObjectiveName.DEFAULT,
                    NOW.plusSeconds(60),
                    "f",
                    new StoredResponse.Input(new BodyRef("b", 0, 17), new BodyRef("b", 17, 99)),
                    new StoredResponse.Dispatch(Band.NORMAL, "{\"ä\":\"\\n\"}", Map.of("h", "v")))
            .at(NOW);
    public static final Partial PARTIAL = new Partial("ä\n🎉 half", 12, 3, 2);
    private static final byte[] PAYLOAD = "{\"a\":\n1}\n".getBytes(StandardCharsets.UTF_8);

    private Samples() {}

    public static List<Envelope<Admission>> admissions() {
        return List.of(
                new Envelope<>(new Admission.Admitted(REQUEST), PAYLOAD),
                Envelope.of(new Admission.Rejected(REQUEST.id(), null, ErrorCode.MODEL_NOT_FOUND, "no", Map.of())));
    }

    public static List<Envelope<Work>> works() {
        return List.of(
                new Envelope<>(new Work.Ticket(PULLER, 43, 2, REQUEST), PAYLOAD),
                new Envelope<>(new Work.Ticket(PULLER, 44, 3, REQUEST, PARTIAL, 2), PAYLOAD),
                Envelope.of(new Work.Abort(PULLER, REQUEST.id(), 2)));
    }

    public static List<Envelope<Outcome>> outcomes() {
        List<Envelope<Outcome>> outcomes = new ArrayList<>(verdicts());
        Verdict stopped = new Verdict.Returned("drained", 0);
        outcomes.add(Envelope.of(new Outcome(REQUEST.id(), 2, 43, stopped, PULL, PARTIAL)));
        return outcomes;
    }

    public static List<StoredResponse> responses() {
        StoredResponse started = QUEUED.dispatched().started(NOW.plusMillis(5));
        StoredResponse.Place place = new StoredResponse.Place(3, 1L << 40);
        return List.of(
                QUEUED,
                started,
                started.ended(
                        new StoredResponse.Ending(ResponseStatus.COMPLETED, place, null), NOW, NOW.plusSeconds(9)),
                started.ended(
                        new StoredResponse.Ending(
                                ResponseStatus.FAILED, null, new StoredResponse.Failure("code", "m".repeat(2000))),
                        NOW,
                        NOW.plusSeconds(9)),
                started.deleted(NOW));
    }

    private static List<Envelope<Outcome>> verdicts() {
        return List.<Verdict>of(
                        new Verdict.Answered(200, "r", new Usage(1, 0, 2, 0)),
                        new Verdict.Answered(404, "r", null),
                        new Verdict.Refused(ErrorCode.PAYLOAD_UNAVAILABLE, "gone"),
                        new Verdict.Broken("reset"),
                        new Verdict.Returned("drained", 500),
                        new Verdict.Returned("gave way", 0, true))
                .stream()
                .map(verdict -> new Envelope<>(new Outcome(REQUEST.id(), 2, 43, verdict, PULL), PAYLOAD))
                .toList();
    }
}
